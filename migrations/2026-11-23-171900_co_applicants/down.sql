DROP TABLE co_applicants;
