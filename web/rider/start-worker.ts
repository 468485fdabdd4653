// The service worker (`worker/`): the app without a network, and letters that go out after the page was closed.
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const start = () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  // After the first screen: what it fetches must not be in the way of that.
  if (document.readyState === 'complete') start();
  else window.addEventListener('load', start, { once: true });
}
