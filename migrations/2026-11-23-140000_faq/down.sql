DROP TABLE faq_versions;
