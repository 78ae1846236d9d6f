import { Liquid } from 'liquidjs';

const engine = new Liquid({
  outputEscape: 'escape',
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  templates: {
    page: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} – ASPS guideline cards</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header><a href="/">ASPS guideline cards</a></header>
<main>
<h1>{{ title }}</h1>
{% block content %}{% endblock %}
</main>
</body>
</html>
`,
    start: `{% layout 'page' %}{% block content %}
<p>A CDS Hooks service for patients with alveolar soft part sarcoma (ASPS). An EHR calls it when a chart is opened or an order is picked or signed; it answers with guideline cards, each with the reasons from that chart.</p>
<p><strong>Open mode:</strong> callers are not authenticated; the service listens on loopback only. Not for real patients.</p>
<h2>For an EHR</h2>
<p>Discovery: <a href="/cds-services"><code>{{ url }}/cds-services</code></a></p>
<h2>Cards</h2>
{% render 'card-table', cards: cards %}
{% endblock %}`,
    cards: `{% layout 'page' %}{% block content %}{% render 'card-table', cards: cards %}{% endblock %}`,
    'card-table': `<div class="wide" tabindex="0" role="region" aria-label="Cards"><table>
<thead><tr><th scope="col">Card</th><th scope="col">Hooks</th><th scope="col">Evidence level</th><th scope="col">Reviewed</th></tr></thead>
<tbody>{% for card in cards %}<tr><td><a href="/evidence/{{ card.id }}">{{ card.title }}</a></td><td>{{ card.hooks }}</td><td>{{ card.evidenceLevel }}</td><td>{{ card.reviewed }}</td></tr>{% endfor %}</tbody>
</table></div>`,
    card: `{% layout 'page' %}{% block content %}
<dl>
<dt>Id</dt><dd><code>{{ file.id }}</code></dd>
<dt>Version</dt><dd>{{ file.version }}, reviewed {{ file.reviewed }}, review due {{ file.reviewDue }}</dd>
<dt>Hooks</dt><dd>{{ hooks }}</dd>
<dt>Evidence level</dt><dd>{{ file.evidenceLevel }}</dd>
<dt>Jurisdiction</dt><dd>{{ jurisdiction }}</dd>
<dt>Rests on</dt><dd>{{ statements }}</dd>
</dl>
<h2>Evidence</h2><p>{{ evidence }}</p>
<h2>Regulatory position</h2><p>{{ regulatory }}</p>
<h2>Criteria</h2>
<p>Each is answered yes, no or unknown from the chart; unknown is never taken as no.</p>
<div class="wide" tabindex="0" role="region" aria-label="Criteria"><table>
<thead><tr><th scope="col">Criterion</th><th scope="col">Question</th><th scope="col">Basis</th></tr></thead>
<tbody>{% for criterion in criteria %}<tr><td><code>{{ criterion.id }}</code></td><td>{{ criterion.question }}</td><td>{{ criterion.basis }}</td></tr>{% endfor %}</tbody>
</table></div>
<h2>Sources</h2>
<ul>{% for source in sources %}<li><a href="{{ source.url }}">{{ source.label }}</a> ({{ source.kind }}{% if source.regulator != '' %}, {{ source.regulator }}{% endif %}{% if source.year != '' %}, {{ source.year }}{% endif %}). {{ source.population }}.{% if source.note != '' %} {{ source.note }}.{% endif %}</li>{% endfor %}</ul>
<h2>Reasons for declining</h2>
<ul>{% for reason in overrideReasons %}<li>{{ reason.display }}</li>{% endfor %}</ul>
<p><em>{{ limits }}</em></p>
{% endblock %}`,
  },
});

export function renderPage(page: 'start' | 'cards' | 'card', content: object): string {
  return String(engine.renderFileSync(page, content));
}

export const STYLESHEET = `:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #8c959f; --link: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #6e7681; --link: #6cb6ff; } }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1rem; }
a { color: var(--link); }
a:focus-visible, .wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
code { overflow-wrap: anywhere; }
td code { overflow-wrap: normal; white-space: nowrap; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.6rem 0.4rem 0; border-bottom: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
@media (max-width: 30rem) { dl { display: block; } dd { margin: 0 0 0.5rem; } }
@media print { header { display: none; } }
`;
