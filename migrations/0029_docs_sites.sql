-- Of a project's runs, those that have made a documentation site.
CREATE INDEX runs_with_docs ON runs (project_id, id DESC) WHERE status = 10 AND has_docs_generated;
