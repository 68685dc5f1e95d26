#include "release/oncall/recent.h"

#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(3, 0), Qt::UTC);

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

LatelyLine line(int minutesAgo, LatelyLine::Source source, const char *what,
                LatelyLine::Kind kind = LatelyLine::Kind::Act)
{
    LatelyLine made;
    made.at = now.addSecs(-60 * minutesAgo);
    made.who = t("A. Muster");
    made.what = t(what);
    made.source = source;
    made.kind = kind;
    return made;
}

ClusterEvent inCluster(int minutesAgo, const char *what, ClusterEvent::Kind kind)
{
    return {now.addSecs(-60 * minutesAgo), t("helm"), t(what), kind};
}

Unheard lost(const char *subject, const char *why)
{
    return {t(subject), t(why), Unheard::State::Lost};
}

QStringList texts(const QList<RecentLine> &lines)
{
    QStringList all;
    for (const RecentLine &each : lines)
        all.append(each.what);
    return all;
}

} // namespace

/// What a calm night is told of the last hours.
class TestRecent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatChangedCountsAndNothingElse_data()
    {
        using Source = LatelyLine::Source;
        QTest::addColumn<LatelyLine>("happened");
        QTest::addColumn<bool>("counts");
        QTest::newRow("a decision") << line(5, Source::Journal, "promote") << true;
        QTest::newRow("a note") << line(5, Source::Journal, "lunch", LatelyLine::Kind::Note)
                                << false;
        QTest::newRow("a weight") << line(5, Source::TrafficObject, "0 → 10") << true;
        QTest::newRow("a deploy") << line(5, Source::Deploy, "deployed") << true;
        QTest::newRow("a step") << line(5, Source::Database, "E1 add column") << true;
        QTest::newRow("an alert") << line(5, Source::Alert, "HighErrorRatio firing") << true;
        QTest::newRow("the end of a run") << line(5, Source::Pipeline, "ci.yml green") << false;
        QTest::newRow("just within the hours") << line(6 * 60, Source::Deploy, "deployed") << true;
        QTest::newRow("before them") << line(6 * 60 + 1, Source::Deploy, "deployed") << false;
    }
    void whatChangedCountsAndNothingElse()
    {
        QFETCH(LatelyLine, happened);
        QTEST(!recentLines({happened}, {}, now).isEmpty(), "counts");
    }

    void whatIsWrittenInTheClusterStandsAmongIt()
    {
        const auto lines
            = recentLines({line(30, LatelyLine::Source::Deploy, "deployed"),
                           line(90, LatelyLine::Source::Journal, "promote")},
                          {inCluster(60, "config map web written", ClusterEvent::Kind::Written),
                           inCluster(10, "cron job import began", ClusterEvent::Kind::Began),
                           inCluster(600, "config map old written", ClusterEvent::Kind::Written)},
                          now);
        QCOMPARE(texts(lines),
                 (QStringList{t("deployed"), t("config map web written"), t("promote")}));
        QCOMPARE(lines[1].seenIn, t("Kubernetes"));
    }

    void whatIsUnheardIsNamedAndALostSourceIsNotExplainedTwice()
    {
        const LostLine github{t("GitHub"), t("lost"), t("GitHub is down."), {}, {}};
        QCOMPARE(recentUnknown({lost("runs, GitHub deployments", "GitHub is down."),
                                lost("Helm revisions of standalone", "you lack list on secrets"),
                                {t("PostgreSQL"), {}, Unheard::State::Reading}},
                               {github}, {t("cron jobs: forbidden")}),
                 (QStringList{t("runs, GitHub deployments"),
                              t("Helm revisions of standalone: you lack list on secrets"),
                              t("cron jobs: forbidden")}));
        QVERIFY(recentUnknown({}, {github}, {}).isEmpty());
    }

    void whatIsBeingReadIsNoSilence()
    {
        QCOMPARE(recentReading({lost("runs", "down")}), QString());
        QCOMPARE(recentReading({{t("runs, GitHub deployments"), {}, Unheard::State::Reading}}),
                 t("being read: runs, GitHub deployments"));
    }
};

QTEST_GUILESS_MAIN(TestRecent)
#include "testrecent.moc"
