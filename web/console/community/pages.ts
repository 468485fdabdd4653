// The pages of the community desk, by the first word of their address: `posts` is "#/posts". Those of the group `community` stand in its part of the menu.
import type { Pages } from '../page';

export const communityPages: Pages = {};
