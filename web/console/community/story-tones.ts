/** How the states of a story that somebody sent look. */
export const STORY_TONES = { sent: 'wait', returned: 'quiet', published: 'good' } as const;
