// What a community needs to be walked through: people, a branch, an activity, a lesson, a vote, a proposal, a reward and an offer, all made over HTTP.
import assert from 'node:assert/strict';

export const PASSWORD = 'correct horse battery';
const HOUR_MS = 3_600_000;
export const soon = (hours) => new Date(Date.now() + hours * HOUR_MS).toISOString();

export function asker(base) {
  return async function ask(token, method, path, body) {
    const isForm = body instanceof FormData;
    const answer = await fetch(base + path, {
      method,
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body === undefined || isForm ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
}

export const signInAt = async (ask, name, password = PASSWORD) => (await ask(null, 'POST', '/v1/sessions', { name, password })).token;

async function addPeople(ask, admin, area) {
  const mark = Date.now().toString(36); // the walk can be repeated on one server
  const add = (login, name, role, area_id) => ask(admin, 'POST', '/v1/people', { login: `${login}${mark}`, name, password: PASSWORD, role, ...(area_id ? { area_id } : {}) });
  const keeper = await add('union', '工会小张', 'branch_staff', area);
  const riders = [await add('wang', '王师傅', 'rider'), await add('li', '李师傅', 'rider'), await add('zhao', '赵师傅', 'rider')];
  return { riders, union: await signInAt(ask, keeper.login) };
}

async function addBranch(ask, union, area_id) {
  return ask(union, 'POST', '/v1/branches', {
    name: '北辰骑手工会', name_en: 'Beichen Riders’ Union', area_id,
    consent: '为办理入会，本会处理您的姓名、手机号，仅本会工作人员可见，退会即删除。',
    fields: [{ code: 'name', label: '姓名', label_en: 'Name', type: 'name', required: true }, { code: 'phone', label: '手机号', label_en: 'Phone', type: 'phone' },
      { code: 'platform', label: '平台', label_en: 'Platform', type: 'choice', choices: ['外卖', '快递'] }],
  });
}

async function addLesson(ask, admin) {
  return ask(admin, 'POST', '/v1/posts', {
    kind: 'lesson', title: '雨天骑行安全', title_en: 'Riding in the rain', body: '## 刹车\n\n湿滑路面，**提前**刹车，两轮同时用力。\n\n- 看清井盖\n- 慢过斑马线', body_en: 'Brake **early**, both wheels at once.',
    questions: [
      { type: 'single', text: '湿滑路面怎样刹车', options: ['急刹', '提前轻刹'], answer: ['b'], feedback: '提前减速，轮胎才抓得住地。' },
      { type: 'true_false', text: '井盖湿了会打滑', answer: ['true'], feedback: '绕开金属井盖。' },
    ],
  });
}

async function addVote(ask, admin, riders, area_id) {
  const draft = await ask(admin, 'POST', '/v1/votes', {
    purpose: 'survey', title: '食堂满意度调查', title_en: 'Survey on the canteen', text: '夜班和白班都请投。', electorate: 'people', people: riders.map(({ id }) => id), area_id, secret: true, to: soon(48),
    questions: [{ type: 'scale', title: '饭菜', title_en: 'Food', max: 5 }, { type: 'choices', title: '最该改什么', title_en: 'What to mend', min: 1, max: 2, options: [{ name: '味道' }, { name: '价钱' }, { name: '排队' }] },
      { type: 'factors', title: '经费怎么分', title_en: 'Where the money goes', options: [{ name: '菜品' }, { name: '设备' }] }],
  });
  return ask(admin, 'POST', `/v1/votes/${draft.id}/open`, { version: draft.version });
}

async function addProposal(ask, union, sender, area) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: 'proposal', category: 'safety', area_id: area, description: '给北门路口加装照明，夜里看不清路面' })) form.set(name, String(value));
  const sent = await ask(sender, 'POST', '/v1/reports', form);
  await ask(union, 'POST', `/v1/reports/${sent.id}/state`, { state: 'accepted', version: sent.version, unit: '设施科', due_at: soon(24 * 7) });
  return sent;
}

/** {ask, admin, union, riders, area, branch, activity, lesson, news, vote, proposal, reward, offer}. */
export async function fillCommunity({ base, staff }, location) {
  const ask = asker(base);
  const admin = await signInAt(ask, staff.name, staff.password);
  const { areas } = await ask(null, 'GET', `/v1/areas?at=${location.join(',')}`);
  const area = areas[0].id;
  const { riders, union } = await addPeople(ask, admin, area);
  const activity = await ask(admin, 'POST', '/v1/activities', {
    kind: 'market', title: '骑手大集', title_en: 'Riders’ market', text: '免费修车、义诊、理发。', address: '北门广场', location, area_id: area, seats: 30, from: soon(26), to: soon(29), state: 'open',
  });
  const merchant = await ask(admin, 'POST', '/v1/places', { category: 'partner_merchant', location, name: '老马面馆', name_en: 'Ma’s noodles', force: true });
  return {
    ask, admin, union, riders, area, activity,
    branch: await addBranch(ask, union, area),
    lesson: await addLesson(ask, admin),
    news: await ask(admin, 'POST', '/v1/posts', { kind: 'news', title: '新驿站开门了', title_en: 'A new station is open', body: '北门驿站今天起二十四小时开放，可以热饭、充电、歇脚。', pinned: true }),
    vote: await addVote(ask, admin, riders, area),
    proposal: await addProposal(ask, union, await signInAt(ask, riders[2].login), area),
    reward: await ask(admin, 'POST', '/v1/rewards', { name: '工作餐一份', name_en: 'A meal', description: '老马面馆任选一碗面。', kind: 'service', cost: 30, supply: 20, per_person: 2, to: soon(24 * 60) }),
    offer: await ask(admin, 'POST', '/v1/offers', { place_id: merchant.id, kind: 'meals', title: '工作餐九折', title_en: 'A tenth off meals', terms: '堂食，不与其他优惠同享', members_only: true, per_day: 2, to: soon(24 * 30) }),
  };
}
