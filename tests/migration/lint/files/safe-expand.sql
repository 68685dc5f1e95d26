-- The same, without stopping anybody.
BEGIN;
SET LOCAL lock_timeout = '1s';
SET LOCAL statement_timeout = '5s';
ALTER TABLE public.conversations ADD COLUMN organization_id uuid;
COMMIT;
CREATE INDEX CONCURRENTLY idx_conversations_org ON public.conversations (organization_id);
