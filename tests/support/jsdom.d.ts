// As much of jsdom as the tests use. Its published types bring the whole DOM, as globals, into every file of the project.
declare module 'jsdom' {
  export class VirtualConsole {
    on(event: string, listener: () => void): this;
  }

  export class JSDOM {
    constructor(
      html: string,
      options?: { readonly runScripts?: 'outside-only'; readonly virtualConsole?: VirtualConsole },
    );
    readonly window: {
      readonly document: unknown;
      eval(script: string): unknown;
      close(): void;
    };
  }
}
