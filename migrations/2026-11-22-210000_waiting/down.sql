DROP TABLE daily_mails;
DROP TABLE calendar_feeds;
