-- Adds the organization of a conversation, as it was first proposed.
ALTER TABLE conversations ADD COLUMN organization_id uuid;
CREATE INDEX idx_conversations_org ON conversations (organization_id);
