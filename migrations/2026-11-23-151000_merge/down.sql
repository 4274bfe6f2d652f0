DROP TABLE merged_institutions;
