// The pages of the community, by the first word of their address: `votes` is "#/votes". Those of the tab `me` stand in its list.
import type { Pages } from '../page';

export const communityPages: Pages = {};
