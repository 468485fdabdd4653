// What only the staff's desk asks the server.
import { cursorOf, http, settle, type Page } from './client';
import type {
  Account, Assignees, AuditEntry, AuditQuery, BulkForm, BulkResults, Closure, ClosureCovers, ClosureQuery, ClosureTerms, Counts, Coverage,
  CoverageQuery, Heat, Import, ImportHead, Kind, Links, NewPerson, PeopleQuery, PointsRules, Report, ReportQuery, Statistics, StatisticsQuery, Template,
  TemplateForm, View, ViewForm,
} from './types';

export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

const path = <T>(id: T) => ({ params: { path: { id } } });

export const desk = {
  kinds: async (): Promise<Kind[]> => (await settle(http.GET('/v1/kinds'))).kinds,

  counts: (query: Omit<ReportQuery, 'limit' | 'cursor' | 'sort'>): Promise<Counts> => settle(http.GET('/v1/reports/counts', { params: { query } })),

  assign: (id: string, body: { version: number; person_id?: number; unit?: string; reason?: string }): Promise<Report> =>
    settle(http.PUT('/v1/reports/{id}/assignment', { ...path(id), body })),

  handOver: (id: string, body: { version: number; area_id: number; reason: string }): Promise<Report> =>
    settle(http.PUT('/v1/reports/{id}/area', { ...path(id), body })),

  recategorise: (id: string, body: { version: number; category: string; reason?: string }): Promise<Report> =>
    settle(http.PUT('/v1/reports/{id}/category', { ...path(id), body })),

  prioritise: (id: string, body: { version: number; priority: number; reason?: string }): Promise<Report> =>
    settle(http.PUT('/v1/reports/{id}/priority', { ...path(id), body })),

  bulk: (body: BulkForm, key: string): Promise<BulkResults> =>
    settle(http.POST('/v1/reports/bulk', { params: { header: { 'Idempotency-Key': key } }, body })),

  assignees: (id: string): Promise<Assignees> => settle(http.GET('/v1/reports/{id}/assignees', path(id))),

  links: (id: string): Promise<Links> => settle(http.GET('/v1/reports/{id}/links', path(id))),

  link: (id: string, other: string, reason: string): Promise<Report> =>
    settle(http.PUT('/v1/reports/{id}/links/{other}', { params: { path: { id, other } }, body: reason === '' ? {} : { reason } })),

  unlink: (id: string, other: string): Promise<Report> => settle(http.DELETE('/v1/reports/{id}/links/{other}', { params: { path: { id, other } } })),

  merge: (id: string, body: { into: string; version: number; reason?: string }): Promise<Report> =>
    settle(http.POST('/v1/reports/{id}/merge', { ...path(id), body })),

  async people(query: PeopleQuery): Promise<Page<Account>> {
    const { people, next } = await settle(http.GET('/v1/people', { params: { query } }));
    return { items: people, cursor: cursorOf(next) };
  },

  addPerson: (body: NewPerson): Promise<Account> => settle(http.POST('/v1/people', { body })),

  account: (id: number): Promise<Account> => settle(http.GET('/v1/people/{id}', path(id))),

  changePerson: (id: number, body: { name?: string; disabled?: boolean }): Promise<Account> => settle(http.PUT('/v1/people/{id}', { ...path(id), body })),

  grant: (id: number, body: { role: string; area_id?: number; kind?: string }): Promise<Account> =>
    settle(http.POST('/v1/people/{id}/grants', { ...path(id), body })),

  removeGrant: (id: number, grant: number): Promise<undefined> =>
    settle(http.DELETE('/v1/people/{id}/grants/{grant}', { params: { path: { id, grant } } })),

  resetPassword: (id: number): Promise<Account> => settle(http.POST('/v1/people/{id}/password', { ...path(id), body: {} })),

  blur: (photo: string, version: number, regions: Region[]): Promise<Report> =>
    settle(http.POST('/v1/photos/{id}/blur', { ...path(photo), body: { version, regions } })),

  views: async (): Promise<View[]> => (await settle(http.GET('/v1/views'))).views,

  saveView: (body: ViewForm): Promise<View> => settle(http.POST('/v1/views', { body })),

  replaceView: (id: number, body: ViewForm & { version: number }): Promise<View> => settle(http.PUT('/v1/views/{id}', { ...path(id), body })),

  deleteView: (id: number, version: number): Promise<undefined> =>
    settle(http.DELETE('/v1/views/{id}', { params: { path: { id }, query: { version } } })),

  templates: async (query: { kind?: string; state?: string; area?: number }): Promise<Template[]> =>
    (await settle(http.GET('/v1/templates', { params: { query } }))).templates,

  saveTemplate: (body: TemplateForm): Promise<Template> => settle(http.POST('/v1/templates', { body })),

  replaceTemplate: (id: number, body: TemplateForm & { version: number }): Promise<Template> =>
    settle(http.PUT('/v1/templates/{id}', { ...path(id), body })),

  deleteTemplate: (id: number, version: number): Promise<undefined> =>
    settle(http.DELETE('/v1/templates/{id}', { params: { path: { id }, query: { version } } })),

  closuresOf: async (report: string): Promise<Closure[]> =>
    (await settle(http.GET('/v1/closures', { params: { query: { report, limit: 100 } } }))).closures,

  async closures(query: ClosureQuery): Promise<Page<Closure>> {
    const { closures, next } = await settle(http.GET('/v1/closures', { params: { query } }));
    return { items: closures, cursor: cursorOf(next) };
  },

  closure: (id: string): Promise<Closure> => settle(http.GET('/v1/closures/{id}', path(id))),

  /** What such a closure would close, without keeping it. */
  tryClosure: async (body: ClosureTerms): Promise<ClosureCovers> =>
    (await settle(http.POST('/v1/closures', { params: { query: { dry_run: true } }, body }))) as ClosureCovers,

  close: async (body: ClosureTerms, key: string): Promise<Closure> =>
    (await settle(http.POST('/v1/closures', { params: { header: { 'Idempotency-Key': key } }, body }))) as Closure,

  changeClosure: async (id: string, body: ClosureTerms & { version: number }): Promise<Closure> =>
    (await settle(http.PUT('/v1/closures/{id}', { ...path(id), body }))) as Closure,

  endClosure: (id: string): Promise<unknown> => settle(http.DELETE('/v1/closures/{id}', path(id))),

  statistics: (query: StatisticsQuery): Promise<Statistics> => settle(http.GET('/v1/reports/statistics', { params: { query } })),

  async heat(bbox: readonly number[], query: Omit<ReportQuery, 'limit' | 'cursor' | 'sort'>): Promise<Heat> {
    const params = { query: { ...query, bbox: bbox.map((degrees) => degrees.toFixed(6)).join(','), cells: 32 } };
    return (await settle(http.GET('/v1/reports/heat', { params, parseAs: 'json' }))) as unknown as Heat;
  },

  async audit(query: AuditQuery): Promise<Page<AuditEntry>> {
    const { audit, next } = await settle(http.GET('/v1/audit', { params: { query } }));
    return { items: audit, cursor: cursorOf(next) };
  },

  coverage: async (query: CoverageQuery): Promise<Coverage> =>
    (await settle(http.GET('/v1/coverage', { params: { query }, parseAs: 'json' }))) as unknown as Coverage,

  async imports(query: { limit: number; cursor?: string }): Promise<Page<ImportHead>> {
    const { imports, next } = await settle(http.GET('/v1/imports', { params: { query } }));
    return { items: imports, cursor: cursorOf(next) };
  },

  importReport: async (id: number): Promise<Import> => (await settle(http.GET('/v1/imports/{id}', { ...path(id), parseAs: 'json' }))) as Import,

  pointsRules: async (): Promise<PointsRules> => (await settle(http.GET('/v1/points/rules'))).points,
};
