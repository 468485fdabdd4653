import type { PlaceRecord, Problem } from './types';

/** What went wrong with a request: `status` 0 means that no answer came (no network, or too slow). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    readonly retryAfterS: number | null = null,
  ) {
    super(problem?.detail ?? problem?.title ?? (status === 0 ? 'no answer' : `status ${status}`));
  }

  /** The server's sentence about one parameter, if it named that parameter. */
  about(parameter: string): string | undefined {
    return this.problem?.errors?.find((error) => error.parameter === parameter)?.detail;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

export function errorFrom(status: number, body: unknown, retryAfter: string | null): ApiError {
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  return new ApiError(status, isProblem(body) ? body : null, Number.isFinite(seconds) ? seconds : null);
}

/** The place as it is now, where that is what the server refused a change over. */
export function presentPlace(problem: Problem | null): PlaceRecord | null {
  return problem?.present && 'open_feedback' in problem.present ? problem.present : null;
}
