/** Words that qualify what they stand beside: `unverified`. */
export function Cautions({ texts }: { readonly texts: readonly string[] }) {
  return texts.map((text) => (
    <span key={text} class="evidence-caution">
      {text}
    </span>
  ));
}
