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
  /** What is shown in it, as the sentence names it. */
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Keeps what goes wrong within it to itself, and says so; tried again with whatever comes next. Preact asks for a class here. */
export class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static override getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidUpdate({ children }: BoundaryProps) {
    if (this.state.hasFailed && children !== this.props.children) this.setState({ hasFailed: false });
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
