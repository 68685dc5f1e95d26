#include "ui/journal/recordmodel.h"

#include <QJsonObject>
#include <QSignalSpy>
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

    void whatSystemsTellStandsAmongTheRecordsByItsTime()
    {
        const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);
        Record outcome;
        outcome.seq = 2;
        outcome.at = noon;
        outcome.kind = RecordKind::Outcome;
        outcome.actor = QStringLiteral("A. Muster");
        Record intent = outcome;
        intent.seq = 1;
        intent.kind = RecordKind::Intent;
        LatelyLine deploy;
        deploy.at = noon.addSecs(60);
        deploy.who = QStringLiteral("b-novak");
        deploy.what = QStringLiteral("9f3c2a1 deployed to production");
        deploy.seenIn = QStringLiteral("GitHub");
        LatelyLine older = deploy;
        older.at = noon.addSecs(-60);
        RecordModel model;
        model.setRows(historyRows({outcome, intent}, {deploy, older}));
        const auto column = [&model](int which) {
            QStringList cells;
            for (int row = 0; row < model.rowCount(); ++row)
                cells << model.index(row, which).data().toString();
            return cells;
        };
        QCOMPARE(column(RecordModel::KindColumn),
                 (QStringList{QStringLiteral("seen"), QStringLiteral("outcome"),
                              QStringLiteral("intent"), QStringLiteral("seen")}));
        QCOMPARE(column(RecordModel::WhoColumn)[0], QStringLiteral("b-novak"));
        QCOMPARE(column(RecordModel::SubjectColumn)[0], QStringLiteral("GitHub"));
        QCOMPARE(column(RecordModel::WhatColumn)[0], deploy.what);
        QVERIFY(RecordModel::whole(model.rowAt(0)).contains("b-novak"));
        // The same rows again move nothing.
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.setRows(historyRows({outcome, intent}, {deploy, older}));
        QCOMPARE(removed.size(), 0);
        model.setRows(historyRows({outcome, intent}, {}));
        QCOMPARE(model.rowCount(), 2);
    }
};

QTEST_MAIN(TestRecordModel)
#include "testrecordmodel.moc"
