-- Lists that are read in an order in which there was no index.

-- Whom to tell of a vote: those of votes that changed lately, who are behind.
CREATE INDEX votes_told ON votes (updated_ms) WHERE state IN ('open', 'closed');
-- Members of a branch, newest first, in whatever state.
CREATE INDEX memberships_newest ON memberships (branch_id, id);
