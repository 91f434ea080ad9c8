import "@fontsource-variable/source-sans-3/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter } from "react-router";

import { App } from "./app/App";
import { readConfig } from "./app/config";
import { newQueryClient } from "./app/queries";
import { routes } from "./app/routes";
import { onSessionChange } from "./auth/session";
import { Trouble } from "./ui/states";

const place = document.getElementById("root");
if (place === null) throw new Error("The page has no place for the application.");
const root = createRoot(place);

try {
  const config = await readConfig();
  const client = newQueryClient();
  // Nobody sees what was read for whoever was signed in before.
  onSessionChange(() => {
    client.clear();
  });
  const router = createBrowserRouter(routes);
  root.render(
    <StrictMode>
      <App config={config} client={client} router={router} />
    </StrictMode>,
  );
} catch (thrown) {
  root.render(
    <Trouble
      thrown={thrown}
      again={() => {
        window.location.reload();
      }}
    />,
  );
}
