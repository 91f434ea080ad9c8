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
import { keepForOnePerson, newQueryClient } from "./app/queries";
import { routes } from "./app/routes";
import { Trouble } from "./ui/states";

const place = document.getElementById("root");
if (place === null) throw new Error("The page has no place for the application.");
const root = createRoot(place);

try {
  const config = await readConfig();
  const client = newQueryClient();
  keepForOnePerson(client);
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
