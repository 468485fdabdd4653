// Reads QR codes: by the browser's own detector where it has one, else by the library `qr`, which is fetched when it is first needed.
// What is looked at stays on the device.
interface Detector {
  detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

/** Frames are looked at this small: a code that fills the frame has some pixels for each of its squares even so. */
const FRAME_PX = 800;
/** A code may be a small part of a picture; what is too fine for the reader at the first size is seen at the second. */
const PICTURE_PX = [1600, 800];
const PICTURE_MS = 1500;

async function findDetector(): Promise<Detector | null> {
  const { BarcodeDetector: Found } = globalThis as { BarcodeDetector?: DetectorClass };
  try {
    return Found && (await Found.getSupportedFormats()).includes('qr_code') ? new Found({ formats: ['qr_code'] }) : null;
  } catch {
    return null;
  }
}
let detector: Promise<Detector | null> | undefined;

async function byDetector(source: ImageBitmapSource): Promise<string | null> {
  detector ??= findDetector();
  const own = await detector;
  try {
    return (await own?.detect(source))?.find(({ rawValue }) => rawValue !== '')?.rawValue ?? null;
  } catch {
    // There are devices that say they can and cannot.
    detector = Promise.resolve(null);
    return null;
  }
}

async function byLibrary(pixels: ImageData, limits: { effort?: number; timeLimit?: number }): Promise<string | null> {
  const { decodeQR } = await import('qr/decode.js');
  try {
    return decodeQR(pixels, { format: 'RGBA', ...limits });
  } catch {
    return null; // it tells by what it throws that there is no code
  }
}

/** Looks at the frame of a video; `canvas` is where it is drawn, again and again. Rejects where the reader cannot be fetched. */
export async function readFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): Promise<string | null> {
  const { videoWidth: width, videoHeight: height } = video;
  const pixels = draw(video, width, height, FRAME_PX, canvas);
  if (pixels === null) return null;
  const found = await byDetector(canvas);
  if (found !== null || (await detector)) return found;
  return byLibrary(pixels, {});
}

/** The code in a picture, or null; rejects where it is no picture that the browser can read. */
export async function readPicture(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const canvas = document.createElement('canvas');
  try {
    for (const size of PICTURE_PX) {
      const pixels = draw(picture, picture.width, picture.height, size, canvas);
      const found = pixels && ((await byDetector(canvas)) ?? (await byLibrary(pixels, { timeLimit: PICTURE_MS })));
      if (found !== null) return found;
    }
    return null;
  } finally {
    picture.close();
  }
}

function draw(source: CanvasImageSource, width: number, height: number, longest: number, canvas: HTMLCanvasElement): ImageData | null {
  const scale = Math.min(1, longest / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (!(w > 0 && h > 0)) return null;
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) return null;
  // A picture may be see-through; a code is dark on light.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, w, h);
  pen.drawImage(source, 0, 0, w, h);
  return pen.getImageData(0, 0, w, h);
}
