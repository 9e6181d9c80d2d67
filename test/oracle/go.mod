module plimsoll.dev/test/oracle

go 1.26.0
