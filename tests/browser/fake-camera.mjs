// A camera that looks at what a test draws: Chromium reads a file of raw frames (YUV4MPEG2) when the camera is opened, so that it can be another one each time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [WIDTH, HEIGHT] = [640, 480];

/** Draws in Chromium an SVG, turned a little, on a grey wall; how light each pixel is, row by row, and the picture as PNG. */
async function drawWall(page, svg) {
  const { light, png } = await page.evaluate(async ({ svg: text, width, height }) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    const wall = pen.createLinearGradient(0, 0, width, height);
    wall.addColorStop(0, '#667');
    wall.addColorStop(1, '#aab');
    pen.fillStyle = wall;
    pen.fillRect(0, 0, width, height);
    if (text !== null) {
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      await image.decode();
      pen.translate(width / 2, height / 2);
      pen.rotate(0.12);
      pen.filter = 'contrast(.7)';
      pen.drawImage(image, -150, -150, 300, 300);
    }
    const { data } = pen.getImageData(0, 0, width, height);
    let bytes = '';
    for (let i = 0; i < data.length; i += 4) bytes += String.fromCharCode(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]));
    return { light: btoa(bytes), png: canvas.toDataURL('image/png').split(',')[1] };
  }, { svg, width: WIDTH, height: HEIGHT });
  return { light: Buffer.from(light, 'base64'), png: Buffer.from(png, 'base64') };
}

/** {args, show(page, svg | null), clean()}: launch Chromium with `args`; `show` puts an SVG before the camera, once it is opened again, and gives it as PNG. */
export function fakeCamera() {
  const folder = mkdtempSync(join(tmpdir(), 'yizhan-camera-'));
  const file = join(folder, 'wall.y4m');
  const write = (light) => {
    const frame = Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc(WIDTH * HEIGHT / 2, 128)]);
    writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
  };
  write(Buffer.alloc(WIDTH * HEIGHT, 120));
  return {
    args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`],
    async show(page, svg) {
      const { light, png } = await drawWall(page, svg);
      write(light);
      return png;
    },
    clean: () => rmSync(folder, { recursive: true, force: true }),
  };
}
