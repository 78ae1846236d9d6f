// As much of jsdom as the tests use, here where the DOM has types.
declare module 'jsdom' {
  export class JSDOM {
    constructor(html: string);
    readonly window: { readonly document: Document; close(): void };
  }
}
