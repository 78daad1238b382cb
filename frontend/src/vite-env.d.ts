/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Origin of the API when the pages are served elsewhere; the meta tag wins. */
  readonly VITE_API_BASE?: string;
}
