// The camera at the back, shown in a video for as long as the page is seen: nobody's camera goes on behind another page.
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Why there is no picture: not allowed, no camera, one that another app holds, a page without HTTPS, anything else. */
export type CameraTrouble = 'refused' | 'none' | 'busy' | 'insecure' | 'failed';

const BY_NAME: Record<string, CameraTrouble> = {
  NotAllowedError: 'refused', SecurityError: 'refused', NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy', AbortError: 'busy',
};
const WANTED: MediaStreamConstraints = { audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } };
/** What the types do not know yet (MediaStream Image Capture). */
type Light = MediaTrackCapabilities & { torch?: boolean };

const halt = (stream: MediaStream | null) => stream?.getTracks().forEach((track) => track.stop());

/** The light of a camera that has one. */
function useTorch() {
  const hasTorch = ref(false);
  const isLit = ref(false);
  let lamp: MediaStreamTrack | undefined;

  function of(track: MediaStreamTrack | undefined): void {
    lamp = track;
    isLit.value = false;
    // Not every browser tells what a track can do.
    hasTorch.value = (track?.getCapabilities?.() as Light | undefined)?.torch === true;
  }
  async function turnTorch(): Promise<void> {
    const on = !isLit.value;
    try {
      await lamp?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
      isLit.value = on;
    } catch {
      hasTorch.value = false;
    }
  }
  return { hasTorch, isLit, of, turnTorch };
}

/** Calls `start` now and whenever the page is seen again, `stop` whenever it is not, and when it is left. */
function whileSeen(start: () => void, stop: () => void): void {
  const onSeen = () => (document.visibilityState === 'hidden' ? stop() : start());
  onMounted(() => {
    document.addEventListener('visibilitychange', onSeen);
    window.addEventListener('pagehide', stop);
    start();
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', onSeen);
    window.removeEventListener('pagehide', stop);
    stop();
  });
}

export function useCamera(video: Ref<HTMLVideoElement | null>) {
  const isOn = ref(false);
  const trouble = ref<CameraTrouble | null>(null);
  const { hasTorch, isLit, of: lightOf, turnTorch } = useTorch();
  let stream: MediaStream | null = null;
  let asked = 0; // what was asked for before is not wanted any more

  function stop(): void {
    asked += 1;
    halt(stream);
    stream = null;
    lightOf(undefined);
    if (video.value) video.value.srcObject = null;
    isOn.value = false;
  }

  /** Closes it, and says why it is of no use. */
  function fail(why: CameraTrouble = 'failed'): void {
    stop();
    trouble.value = why;
  }

  async function show(found: MediaStream): Promise<void> {
    stream = found;
    const [track] = found.getVideoTracks();
    track?.addEventListener('ended', () => {
      if (stream === found) fail('busy');
    });
    lightOf(track);
    if (!video.value) return;
    video.value.srcObject = found;
    await video.value.play();
  }

  async function start(): Promise<void> {
    stop();
    const mine = asked;
    trouble.value = null;
    if (!window.isSecureContext || !('mediaDevices' in navigator)) {
      trouble.value = 'insecure';
      return;
    }
    try {
      const found = await navigator.mediaDevices.getUserMedia(WANTED);
      if (mine !== asked) return halt(found);
      await show(found);
      if (mine === asked) isOn.value = true;
    } catch (error) {
      if (mine === asked) fail(BY_NAME[(error as DOMException).name]);
    }
  }

  whileSeen(() => {
    if (trouble.value === null) void start();
  }, stop);
  return { isOn, trouble, hasTorch, isLit, start, fail, turnTorch };
}
