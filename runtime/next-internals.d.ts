declare module 'next/dist/server/app-render/work-unit-async-storage.external.js' {
  /** Tells what Next is doing for whoever asks: answering a request, or rendering in advance. Since Next 15. */
  export const workUnitAsyncStorage: { getStore(): unknown };
}
