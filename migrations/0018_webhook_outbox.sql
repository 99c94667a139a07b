-- Events of webhooks are an outbox: written in the transaction of the run that they tell of,
-- delivered by whoever takes them, in the order of each run.

ALTER TABLE webhook_events ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE webhook_events ADD COLUMN run_id bigint;
ALTER TABLE webhook_events ADD COLUMN status text NOT NULL DEFAULT 'delivered'
    CHECK (status IN ('pending', 'delivered', 'failed'));
ALTER TABLE webhook_events ADD COLUMN attempts integer NOT NULL DEFAULT 0;
ALTER TABLE webhook_events ADD COLUMN next_try_at timestamptz NOT NULL DEFAULT now();
-- Taken by somebody who delivers it, and who may have died since.
ALTER TABLE webhook_events ADD COLUMN taken_until timestamptz;
CREATE INDEX webhook_events_pending ON webhook_events (next_try_at) WHERE status = 'pending';
CREATE INDEX webhook_events_in_order ON webhook_events (subscription_id, run_id, seq)
    WHERE status = 'pending';
CREATE INDEX webhook_events_by_age ON webhook_events (created_at);

-- Events one after the other that could not be delivered.
ALTER TABLE webhook_subscriptions ADD COLUMN failed_in_a_row integer NOT NULL DEFAULT 0;
