/** There is no chart to show, and why. */
export function EndedView({ sentence }: { readonly sentence: string }) {
  return (
    <main class="alone">
      <h1>ASPS guideline app</h1>
      <p class="failure" role="alert">
        {sentence}
      </p>
    </main>
  );
}
