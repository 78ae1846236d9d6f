import { render } from 'preact';
import { App } from './app.tsx';
import { fetchGuideline } from './chart/content.ts';
import { Boundary } from './parts/panel.tsx';
import { launchingServer, openSession } from './session/session.ts';

// While the code is exchanged for a token, the guideline can come.
const iss = launchingServer();
if (iss !== undefined) void fetchGuideline(iss);

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(
    <Boundary title="The app">
      <App opening={openSession()} />
    </Boundary>,
    root,
  );
}
