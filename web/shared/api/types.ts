// The API's shapes under the names the pages use. They are generated from docs/openapi.yaml (npm run types).
import type { components, operations } from '#api';

type Schemas = components['schemas'];
export type Position = [lon: number, lat: number];
/** A place with what the pages always ask for; `fields` could leave it out. */
export type Place = Schemas['Place'] & Required<Pick<Schemas['Place'], 'location' | 'name' | 'category' | 'amenities'>>;
export type Category = Schemas['Category'];
export type Categories = Schemas['Categories'];
export type Route = Schemas['Route'];
export type Step = Schemas['Step'];
export type PlaceRecord = Schemas['PlaceRecord'];
export type PlaceFields = Schemas['PlaceFields'];
export type PlaceField = Schemas['PlaceField'];
export type PlaceEvent = Schemas['PlaceEvent'];
export type HoursCheck = operations['checkHours']['responses']['200']['content']['application/json'];
export type Mending = operations['mendPlace']['requestBody']['content']['application/json'];
export type Report = Schemas['Report'];
export type Move = NonNullable<Report['moves']>[number];
export type ReportState = Schemas['ReportState'];
export type Area = Schemas['Area'];
export type Person = Schemas['Person'];
export type Problem = Schemas['Problem'];
export type TileJson = Schemas['TileJson'];
export type ReportQuery = NonNullable<operations['listReports']['parameters']['query']>;
export type Session = operations['signIn']['responses']['201']['content']['application/json'];
