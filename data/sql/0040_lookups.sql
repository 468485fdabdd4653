-- Kept answers are forgotten by what they told of, and deliveries are looked at and tried again by how they stand.
CREATE INDEX idempotency_subject ON idempotency (subject);
CREATE INDEX inbox_deliveries_state ON inbox_deliveries (state, id);
