/** How the states of one's own stories look. */
export const STORY_TONES = { sent: 'wait', returned: 'bad', published: 'good' } as const;
