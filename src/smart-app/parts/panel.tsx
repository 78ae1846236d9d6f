import { Component, type ComponentChildren } from 'preact';

interface PanelProps {
  /** Of its element, for links to it. */
  readonly id: string;
  readonly title: string;
  /** How many, or what else stands beside the title. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One part of the screen. It fails alone: what goes wrong in it is said in it, and the others stand. */
export function Panel({ id, title, aside, children }: PanelProps) {
  return (
    <section class={`panel ${id}`} aria-labelledby={`${id}-title`}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside !== undefined && <div class="panel-aside">{aside}</div>}
      </div>
      <Boundary title={title}>{children}</Boundary>
    </section>
  );
}

interface BoundaryProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Preact asks for a class here. */
class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static override getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render({ title, children }: BoundaryProps) {
    if (!this.state.hasFailed) return children;
    return (
      <p class="failure" role="alert">
        “{title}” could not be made of this chart. Nothing follows from its absence; the other parts stand.
      </p>
    );
  }
}
