// Links to videos, one a line: the address, and a title behind it.
export interface Video {
  url: string;
  title?: string;
}

export const videoText = (videos: readonly Video[] = []) => videos.map(({ url, title }) => [url, title].filter(Boolean).join(' ')).join('\n');

export function videosOf(text: string): Video[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const [url = '', ...words] = line.split(/\s+/);
    return { url, ...(words.length === 0 ? {} : { title: words.join(' ') }) };
  });
}
