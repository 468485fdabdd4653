/** The header by which the service worker says that an answer is not of now, and from when it is (RFC 3339). */
export const KEPT_HEADER = 'Yizhan-Kept';
