// Makes a photo no larger than a report needs it, before it goes over a rider's mobile network.
const LONGEST_PX = 2560;
const SMALL_BYTES = 1024 * 1024;
const QUALITY = 0.85;

/** The photo as a JPEG of at most 2560 px a side, upright; the file itself when it is small, when a JPEG would be no
 *  smaller, and when the browser cannot read it (then the server says what it thinks of it). */
export async function shrinkPhoto(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const { width, height } = picture;
    const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
    const jpeg = scale < 1 || file.size > SMALL_BYTES ? await toJpeg(picture, Math.ceil(width * scale), Math.ceil(height * scale)) : null;
    picture.close();
    return jpeg !== null && jpeg.size < file.size ? new File([jpeg], file.name.replace(/\.\w+$/, '') + '.jpg', { type: jpeg.type }) : file;
  } catch {
    return file;
  }
}

function toJpeg(picture: ImageBitmap, width: number, height: number): Promise<Blob | null> {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d');
  if (pen === null) return Promise.resolve(null);
  // JPEG has no transparency.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}
