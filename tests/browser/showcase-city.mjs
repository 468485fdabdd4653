// A city with something going on, for pictures of it: what community-city.mjs makes, and reports on their way, members, points, votes that are over.
import { fillCommunity, PASSWORD, signInAt, soon } from './community-city.mjs';
import { makePicture } from './picture.mjs';

const REPORTS = [
  { category: 'manhole', lon: -56.1792, lat: -34.9016, description: '井盖沉陷，雨天看不见，电动车压过会颠', to: ['accepted', 'filed', 'dispatched', 'handling'] },
  { category: 'road_damage', lon: -56.1843, lat: -34.9031, description: '非机动车道破损一米多，夜里有人摔倒', to: ['accepted'] },
  { category: 'signal', lon: -56.1766, lat: -34.9038, description: '路口信号灯一直红，骑手绕行', to: [] },
  { category: 'parking', lon: -56.1812, lat: -34.8992, description: '非机动车道被机动车占满', to: [] },
  { category: 'flooding', lon: -56.1779, lat: -34.8987, description: '桥洞积水约三十厘米，电动车过不去', to: [] },
  { category: 'manhole', lon: -56.1821, lat: -34.9011, description: '井盖松动，车轮压过会响', to: [] },
];

async function sendReports(ask, admin, own) {
  const sent = [];
  for (const [i, { to, ...fields }] of REPORTS.entries()) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, accuracy: 9 })) form.set(name, String(value));
    form.set('photo', new Blob([makePicture(640, i * 37 + 5)], { type: 'image/png' }), 'photo.png');
    let one = await ask(i < 2 ? own : null, 'POST', '/v1/reports', form);
    for (const state of to) one = await ask(admin, 'POST', `/v1/reports/${one.id}/state`, { state, version: one.version });
    sent.push(one);
  }
  return sent;
}

const STORIES = [
  { title: '六楼的灯', body: '没有电梯，汤不能凉。爬到六楼，阿姨把楼道的灯一直亮着。', author: '小李', verdict: { published: true } },
  { title: '夜里的桥洞', body: '桥洞积水那天，三个不认识的骑手轮流在两头举灯，提醒后面的人绕行。', author: '', verdict: { published: false, reason: '请补上时间和地点，照片里的车牌请遮住。' } },
  { title: '雪夜送药', body: '那天雪很大，药店的人把药和一杯热水一起递给我。\n\n四十分钟，药送到了，老人一直在门口等。', author: '王师傅', verdict: null },
];
async function sendStories({ ask, union, area }, token) {
  const sent = [];
  for (const [i, { verdict, ...words }] of STORIES.entries()) {
    const form = new FormData();
    form.set('photo', new Blob([makePicture(640, i * 53 + 11)], { type: 'image/png' }), 'photo.png');
    const picture = await ask(token, 'POST', '/v1/pictures', form);
    const one = await ask(token, 'POST', '/v1/me/stories', { ...words, area_id: area, pictures: [picture.id] });
    if (verdict) await ask(union, 'PUT', `/v1/posts/${one.id}/judged`, { ...verdict, version: one.version });
    sent.push(one);
  }
  return sent;
}

async function addMembers({ ask, union, branch }, riders) {
  const code = new URL(branch.join_url).pathname.split('/').pop();
  const { form } = await ask(null, 'GET', `/v1/join/${code}`);
  for (const [i, { token, name }] of riders.entries()) {
    await ask(token, 'POST', `/v1/join/${code}`, { form: form.version, consent: true, answers: { name, phone: `1380000567${i}`, platform: i % 2 ? '快递' : '外卖' } });
  }
  const { members } = await ask(union, 'GET', `/v1/branches/${branch.id}/members?state=waiting`);
  for (const { id, version } of members.slice(-2)) await ask(union, 'POST', `/v1/members/${id}/approve`, { version });
}

const GIVEN = [[80, '骑手大集志愿者'], [45, '暴雨夜协助疏导'], [30, '走访独居老人']];
async function givePoints({ ask, admin, area }, riders) {
  for (const [i, { id }] of riders.entries()) {
    for (const [amount, reason] of GIVEN.slice(0, 3 - i)) await ask(admin, 'POST', '/v1/points', { person: id, kind: 'service', amount: amount - i * 10, area_id: area, reason });
  }
}

const SCORES = [[90, 80, 100, 70], [100, 60, 70, 90], [60, 90, 80, 60]];
const WEIGHTS = [[40, 20, 30, 10], [25, 25, 25, 25], [50, 10, 30, 10]];
/** A team's bonus, voted on and counted. */
async function decideBonus({ ask, admin, area }, riders) {
  const names = [['出勤', 'Attendance'], ['技能', 'Skill'], ['安全', 'Safety'], ['协作', 'Team work']];
  const draft = await ask(admin, 'POST', '/v1/votes', {
    purpose: 'decision', title: '十一月班组奖金分配', title_en: 'How November’s bonus is divided', electorate: 'people', people: riders.map(({ id }) => id), area_id: area, secret: true, to: soon(12 / 3600),
    questions: [{ type: 'choice', title: '同意按下列四项分配吗', title_en: 'Shall it be divided by these four?', options: [{ name: '同意', name_en: 'Yes', adopts: true }, { name: '不同意', name_en: 'No' }] },
      { type: 'factors', title: '四项各占多少', title_en: 'What each weighs', options: names.map(([name, name_en]) => ({ name, name_en })) }],
  });
  const rows = riders.map(({ id, name }, i) => ({ person: id, name, scores: SCORES[i] }));
  const { version } = await ask(admin, 'PUT', `/v1/votes/${draft.id}/plan`, { pot_fen: 360000, version: draft.version, rows });
  await ask(admin, 'POST', `/v1/votes/${draft.id}/open`, { version });
  for (const [i, { token }] of riders.entries()) await ask(token, 'POST', `/v1/votes/${draft.id}/ballot`, { answers: [{ choice: 1 }, { weights: WEIGHTS[i] }] });
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const vote = await ask(riders[0].token, 'GET', `/v1/votes/${draft.id}`);
    if (vote.result) return vote;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the vote was not counted within a minute');
}

/** What fillCommunity gives, with {riders: [{..., token}], reports, stories, bonus}; the first of the riders is who looks at all of it. */
export async function fillShowcase(server, location) {
  const city = await fillCommunity(server, location);
  const { ask, admin, area } = city;
  const riders = [];
  for (const one of city.riders) riders.push({ ...one, token: await signInAt(ask, one.login, PASSWORD) });
  const reports = await sendReports(ask, admin, riders[0].token);
  await addMembers(city, riders);
  await givePoints(city, riders);
  for (const [i, { token }] of riders.entries()) await ask(token, 'PUT', '/v1/me/ranking', { name: ['王师傅', '李师傅', ''][i], hidden: false });
  await ask(admin, 'POST', '/v1/closures', { geometry: { type: 'Point', coordinates: [location[0] + 0.004, location[1] - 0.002] }, radius_m: 120, effect: 'closed', to: soon(72), reason: '桥洞积水，排水施工' });
  await ask(admin, 'POST', '/v1/activities', { kind: 'duty', title: '暴雨值守', title_en: 'Duty in heavy rain', text: '在桥洞两端提醒绕行，雨衣与手电现场领取。', address: '北门桥洞', location, area_id: area, seats: 8, from: soon(0.5), to: soon(4), state: 'open' });
  const clinic = await ask(admin, 'POST', '/v1/activities', { kind: 'clinic', title: '骑手义诊', title_en: 'A clinic day for riders', text: '量血压、看腰腿，免费。', address: '北门驿站', location, area_id: area, seats: 20, from: soon(50), to: soon(53), state: 'open' });
  for (const { token } of riders) await ask(token, 'POST', `/v1/activities/${clinic.id}/signup`);
  for (const { token } of riders.slice(0, 2)) await ask(token, 'PUT', `/v1/reports/${city.proposal.id}/support`, { edition: 1 });
  await ask(riders[1].token, 'POST', `/v1/reports/${city.proposal.id}/comments`, { text: '我们站点也需要，夜里太黑。' });
  await ask(admin, 'POST', '/v1/posts', { kind: 'story', title: '送餐路上的三分钟', title_en: 'Three minutes on the way', body: '王师傅送餐时遇到老人摔倒，停车、打电话、守到救护车来。', body_en: 'Mr Wang stopped, called for help and stayed.' });
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: 'proposal', category: 'welfare', area_id: area, description: '驿站夏天开到零点，夜班骑手也能歇脚' })) form.set(name, value);
  const second = await ask(riders[1].token, 'POST', '/v1/reports', form);
  await ask(city.union, 'POST', `/v1/reports/${second.id}/state`, { state: 'accepted', version: second.version, unit: '站点运营科', due_at: soon(24 * 9) });
  await ask(admin, 'POST', '/v1/rewards', { name: '雨衣一件', name_en: 'A rain coat', description: '两码可选，北门驿站领取。', kind: 'service', cost: 60, supply: 12, per_person: 1, to: soon(24 * 60) });
  const stories = await sendStories(city, riders[0].token);
  return { ...city, riders, reports, stories, bonus: await decideBonus(city, riders) };
}
