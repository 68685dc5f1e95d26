#include "ui/journal/recordmodel.h"

#include <QJsonObject>
#include <QTest>

using namespace pilothouse;

/// What the table of the journal says of a record in one line.
class TestRecordModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRecordIsOneLine_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("line");
        const auto verb = [](const char *word) {
            return QJsonObject{{QStringLiteral("verb"), QLatin1String(word)}};
        };
        QJsonObject promote = verb("promote");
        promote.insert(QStringLiteral("from"), 10);
        promote.insert(QStringLiteral("to"), 50);
        promote.insert(QStringLiteral("reason"), QStringLiteral("load test covers it"));
        QTest::newRow("a weight that moves")
            << promote << QStringLiteral("promote · 10 % → 50 % · “load test covers it”");
        QJsonObject hold = verb("hold");
        hold.insert(QStringLiteral("from"), 0);
        hold.insert(QStringLiteral("to"), 0);
        QTest::newRow("a hold moves nothing") << hold << QStringLiteral("hold");
        QTest::newRow("a step") << verb("run E1") << QStringLiteral("run E1");
        QTest::newRow("an outcome")
            << QJsonObject{{QStringLiteral("outcome"), QStringLiteral("done")},
                           {QStringLiteral("text"), QStringLiteral("accepted 50 %")}}
            << QStringLiteral("accepted 50 %");
    }
    void aRecordIsOneLine()
    {
        QFETCH(const QJsonObject, body);
        Record record;
        record.body = body;
        QTEST(RecordModel::sentence(record), "line");
    }
};

QTEST_MAIN(TestRecordModel)
#include "testrecordmodel.moc"
