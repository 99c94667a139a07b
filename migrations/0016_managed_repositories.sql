-- Repositories that Millwright itself keeps and serves; their address is made from their id.

ALTER TABLE repositories ADD COLUMN managed_name text;
