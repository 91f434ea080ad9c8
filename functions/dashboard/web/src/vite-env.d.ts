/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the live gateway is, as the browser reaches it. */
  readonly VITE_REALTIME_URL?: string;
}
