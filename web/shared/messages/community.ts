// Words of the community's pages: [Chinese, English].
export const communityMessages = {} as const satisfies Record<string, readonly [string, string]>;
