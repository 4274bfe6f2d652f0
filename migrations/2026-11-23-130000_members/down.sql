DROP TABLE member_files;
