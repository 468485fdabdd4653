// Words of the rider's app around its pages: [Chinese, English].
export const appMessages = {
  'tab.all': ['主导航', 'Main'],
  'tab.map': ['地图', 'Map'],
  'tab.community': ['社区', 'Community'],
  'tab.me': ['我的', 'Me'],

  'me.guest': ['还没有登录', 'Not signed in'],
  'me.guest_hint': ['看地图和上报都不需要登录', 'The map and reports need no account'],
  'me.signed_in': ['已登录', 'Signed in'],
  'mine.about': ['办理进展、补充、评价', 'What became of them'],

  'settings.title': ['设置', 'Settings'],
  'settings.about': ['语言、深色、字号', 'Language, dark mode, text size'],
  'settings.lang': ['语言 · Language', 'Language · 语言'],
  'settings.look': ['外观', 'Appearance'],
  'settings.text': ['文字大小', 'Text size'],
  'settings.here': ['设置只保存在这台设备上。', 'Settings are kept on this device only.'],
  'look.system': ['跟随系统', 'As the device'],
  'look.night': ['夜间自动变暗（19 点到 6 点）', 'Dark at night (19:00 to 6:00)'],
  'look.light': ['浅色', 'Light'],
  'look.dark': ['深色', 'Dark'],
  'text.normal': ['标准', 'Normal'],
  'text.large': ['大', 'Large'],
  'text.huge': ['特大', 'Very large'],
} as const satisfies Record<string, readonly [string, string]>;
