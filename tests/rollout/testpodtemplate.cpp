#include "drivenrollout.h"

#include "rollout/act/arrival.h"
#include "rollout/trafficannotations.h"

#include <QTest>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

/// The candidate at this weight by this Pod template; "" = cannot be told.
TrafficState by(const char *podTemplate, int weight, int version = 1)
{
    return with(traffic(weight, QString::number(version)), [podTemplate](TrafficState &t) {
        t.candidate->podTemplate = QString::fromLatin1(podTemplate);
    });
}

/// As a console noted the last change.
TrafficState noted(const char *podTemplate, const char *inNote, const QString &commit = good)
{
    return with(by(podTemplate, 10), [&](TrafficState &t) {
        t.changes = {{{},
                      QStringLiteral("B. Novak"),
                      Weight{0},
                      Weight{10},
                      {},
                      {},
                      CommitId(commit),
                      {},
                      QString::fromLatin1(inNote)}};
    });
}

/// From 0 to 10, once the person saw the template 7c9f.
WeightConfirmed confirmedWithTheTemplateShown()
{
    WeightConfirmed event;
    event.from = Weight{0};
    event.to = Weight{10};
    event.candidate = pinOf(*by("7c9f", 0).candidate);
    event.version = QStringLiteral("1");
    return event;
}

} // namespace

/// A promote pins the candidate's Pod template, not its image alone.
class TestPodTemplate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anotherTemplateOfTheSameImageEndsTheRollout_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<bool>("ends");
        QTest::newRow("another one") << QStringLiteral("7c9f") << QStringLiteral("5d41") << true;
        QTest::newRow("the same") << QStringLiteral("7c9f") << QStringLiteral("7c9f") << false;
        // While Pods of both run, and where there are no such hashes.
        QTest::newRow("one that cannot be told") << QStringLiteral("7c9f") << QString() << false;
        QTest::newRow("never told") << QString() << QString() << false;
    }
    void anotherTemplateOfTheSameImageEndsTheRollout()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(bool, ends);
        Rollout rollout;
        rollout.reads(by(before.toLatin1().constData(), 0))
            .reads(by(before.toLatin1().constData(), 10));
        rollout.after(seconds(5))
            .on(Judged{*rollout.state().judging, {failing(QStringLiteral("p95"))}});
        rollout.reads(by(after.toLatin1().constData(), 10, 2));
        QCOMPARE(rollout.state().phase, ends ? Phase::Replaced : Phase::Baking);
        QCOMPARE(rollout.state().results.isEmpty(), ends);
        QCOMPARE(rollout.state().ended,
                 ends ? QStringLiteral("bbbbbbb got another Pod template while it held 10 %: what "
                                       "was judged does not count")
                      : QString());
        // It holds its weight, and judges nothing more.
        QCOMPARE(rollout.after(seconds(60)).effects<Judge>().isEmpty(), ends);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void aChangeThroughPodsOfBothTemplatesIsStillSeen()
    {
        Rollout rollout;
        rollout.reads(by("7c9f", 0)).reads(by("7c9f", 10)).reads(by("", 10)).reads(by("5d41", 10));
        QCOMPARE(rollout.state().phase, Phase::Replaced);
    }

    void whatIsToldLaterIsPinnedThen()
    {
        Rollout rollout;
        rollout.reads(by("", 0)).reads(by("", 10)).reads(by("7c9f", 10));
        QCOMPARE(rollout.state().phase, Phase::Baking);
        QCOMPARE(rollout.state().pinned->podTemplate, QStringLiteral("7c9f"));
        rollout.reads(by("5d41", 10));
        QCOMPARE(rollout.state().phase, Phase::Replaced);
    }

    void aPromoteNotesTheTemplateAndPinsIt()
    {
        Rollout rollout;
        rollout.reads(by("7c9f", 0));
        rollout.on(confirmedWithTheTemplateShown());
        QCOMPARE(rollout.effects<SetWeight>().first().request.podTemplate, QStringLiteral("7c9f"));
        // The template changes while the write is on its way.
        rollout.written(by("5d41", 10, 2));
        QCOMPARE(rollout.state().phase, Phase::Replaced);
    }

    void aTemplateThatChangedSinceItWasShownConflicts()
    {
        Rollout rollout;
        rollout.reads(by("5d41", 0));
        rollout.on(confirmedWithTheTemplateShown());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
    }

    void aRestartOfTheStableDoesNotBounceARollback()
    {
        const auto restarted = [](const char *podTemplate, int weight, int version) {
            return with(traffic(weight, QString::number(version)), [podTemplate](TrafficState &t) {
                t.stable->podTemplate = QString::fromLatin1(podTemplate);
            });
        };
        Rollout rollout;
        rollout.reads(restarted("1", 10, 1));
        RollbackConfirmed event;
        event.target = pinOf(*rollout.state().traffic->stable);
        event.leaving = CommitId(good);
        rollout.reads(restarted("2", 10, 2)).on(event);
        QCOMPARE(rollout.effects<SetWeight>().size(), 1);
        rollout.written(restarted("3", 0, 3));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
    }

    void aConsoleThatStartsReadsTheNoteOfAnother_data()
    {
        QTest::addColumn<TrafficState>("seen");
        QTest::addColumn<bool>("ends");
        QTest::newRow("the noted one") << noted("7c9f", "7c9f") << false;
        QTest::newRow("another one") << noted("5d41", "7c9f") << true;
        QTest::newRow("a note from before templates were noted") << noted("5d41", "") << false;
        QTest::newRow("another commit in such a note") << noted("5d41", "", other) << true;
    }
    void aConsoleThatStartsReadsTheNoteOfAnother()
    {
        QFETCH(TrafficState, seen);
        QFETCH(bool, ends);
        Rollout rollout;
        rollout.reads(seen);
        QCOMPARE(rollout.state().phase, ends ? Phase::Replaced : Phase::Baking);
    }

    void aNoteWithoutATemplateStillReads()
    {
        WeightChange change;
        change.at = QDateTime(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);
        change.to = Weight{10};
        QVERIFY(!encodeChanges({change}).contains("template"));
        QCOMPARE(*decodeChanges(encodeChanges({change})), QList<WeightChange>{change});
        change.podTemplate = QStringLiteral("7c9f");
        QVERIFY(encodeChanges({change}).contains(R"("template":"7c9f")"));
        QCOMPARE(*decodeChanges(encodeChanges({change})), QList<WeightChange>{change});
    }
};

QTEST_GUILESS_MAIN(TestPodTemplate)
#include "testpodtemplate.moc"
