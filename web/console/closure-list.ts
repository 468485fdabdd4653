// The closures as the list and the map show them.
import { desk } from '../shared/api/desk';
import type { Closure, ClosureQuery } from '../shared/api/types';
import { useFilter } from './filter';
import { usePages } from './paging';

export const STATES = ['active', 'planned', 'ended', 'all'] as const;
export const { filter, setFilter } = useFilter(['state']);
export const stateAsked = () => (filter.value.state || 'active') as NonNullable<ClosureQuery['state']>;
export const { items: closures, cursor, loading, error, wasLoaded, refresh, restart, loadMore } = usePages<Closure>(
  ({ limit, cursor: from }) => desk.closures({ state: stateAsked(), limit: Math.min(100, limit), ...(from === null ? {} : { cursor: from }) }), ({ id }) => id);
