/* A row without a person counts as one more. So none may stay where the person counts besides: by
 * another support (`other`, of rows o) of what is counted together, or because they sent it. This
 * deletes those of `whose`. It stands alone so that a test can hold it against the indexes: it must
 * find what is counted together by them, and not look through all cases. */
#ifndef YZ_DATA_CASES_SUPPORT_DOUBLE_H
#define YZ_DATA_CASES_SUPPORT_DOUBLE_H

#define CASES_SUPPORT_DOUBLE(whose, other)                                                         \
    "DELETE FROM case_supports WHERE " whose " AND EXISTS (SELECT 1 FROM cases c, cases r WHERE "  \
    "c.id = case_supports.case_id AND (r.id = COALESCE(c.duplicate_of, c.id) OR r.duplicate_of = " \
    "COALESCE(c.duplicate_of, c.id)) AND (r.reporter_id = case_supports.person_id OR EXISTS "      \
    "(SELECT 1 FROM case_supports o WHERE o.case_id = r.id AND o.person_id = "                     \
    "case_supports.person_id AND " other ")))"

#endif
