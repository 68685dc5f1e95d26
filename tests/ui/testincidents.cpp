#include "ui/journal/incidentlist.h"

#include "release/incident/report.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace pilothouse;

namespace {

const TrackName standalone(QStringLiteral("standalone"));
const QString actor = QStringLiteral("A. Muster");

/// A rollback and all that belongs to it, newest first; `n` sets the nights apart.
QList<Record> night(int n, const Damage &damage)
{
    const QDateTime alerted = QDateTime(QDate(2026, 11, 20 + n), QTime(2, 59, 30), Qt::UTC);
    Record intent;
    intent.kind = RecordKind::Intent;
    intent.id = IntentId(QStringLiteral("r%1").arg(n));
    intent.subject = standalone.value;
    intent.actor = actor;
    intent.at = alerted.addSecs(21);
    intent.body = {{QStringLiteral("verb"), QStringLiteral("roll back")},
                   {QStringLiteral("leaving"), QStringLiteral("c41d77e0")},
                   {QStringLiteral("targetCommit"), QStringLiteral("9f3c2a10")}};
    Record outcome = intent;
    outcome.kind = RecordKind::Outcome;
    outcome.at = alerted.addMSecs(21'400);
    outcome.body = {{QStringLiteral("outcome"), QStringLiteral("done")},
                    {QStringLiteral("text"), QStringLiteral("accepted 0 %")}};
    Record seen = alertSeenNote(standalone, actor, QStringLiteral("HighErrorRatio"), alerted);
    seen.at = alerted.addSecs(12);
    Record counted = damageNote(standalone, actor, intent.id, damage);
    counted.at = alerted.addSecs(60);
    return {counted, outcome, intent, seen};
}

QStringList textsOf(const QWidget &list)
{
    QStringList texts;
    for (const QLabel *label : list.findChildren<QLabel *>())
        texts << label->text();
    return texts;
}

} // namespace

class TestIncidents final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_list = std::make_unique<IncidentList>();
        m_list->resize(1328, 160);
    }

    void whileNothingWasRolledBackThereIsNoPanel()
    {
        m_list->setRecords({});
        QVERIFY(!m_list->isVisible());
        QVERIFY(m_list->isHidden());
    }

    void everyActHasItsTime()
    {
        m_list->setRecords(night(1, {95, {}}));
        QVERIFY(!m_list->isHidden());
        const QStringList texts = textsOf(*m_list);
        for (const char *words : {"standalone", "c41d77e → 9f3c2a1", "A. Muster", "0:12", "9.0 s",
                                  "0.4 s", "95 requests failed"})
            QVERIFY2(texts.contains(QString::fromUtf8(words)), words);
    }

    void theNewestThreeAreShownAndTheRestIsCounted()
    {
        QList<Record> records;
        for (int n = 5; n >= 1; --n)
            records += night(n, {n, {}});
        m_list->setRecords(records);
        const QStringList texts = textsOf(*m_list);
        QVERIFY(texts.contains(QStringLiteral("5 requests failed")));
        QVERIFY(!texts.contains(QStringLiteral("2 requests failed")));
        QVERIFY(texts.contains(QStringLiteral("the newest 3 of 5")));
    }

    void whatWasNotCountedSaysWhy()
    {
        m_list->setRecords(night(1, {std::nullopt, QStringLiteral("no check measures it")}));
        for (const QLabel *label : m_list->findChildren<QLabel *>()) {
            if (label->text() == QLatin1String("failed requests not counted")) {
                QCOMPARE(label->toolTip(), QStringLiteral("no check measures it"));
                return;
            }
        }
        QFAIL("it is not told that nobody counted");
    }

    void theReportIsCopied()
    {
        m_list->setRecords(night(1, {95, {}}));
        QSignalSpy copied(m_list.get(), &IncidentList::copied);
        button("copyIncident-1")->click();
        QCOMPARE(copied.size(), 1);
        QVERIFY(QApplication::clipboard()->text().startsWith(
            QStringLiteral("# standalone: c41d77e rolled back to 9f3c2a1")));
    }

    void theReportIsWrittenWhereItIsWanted()
    {
        const QTemporaryDir folder;
        m_list->setRecords(night(1, {95, {}}));
        button("exportIncident-1")->click();
        auto *dialog = m_list->findChild<QFileDialog *>();
        QVERIFY(dialog);
        const QString path = folder.filePath(QStringLiteral("report.md"));
        Q_EMIT dialog->fileSelected(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("HighErrorRatio"));
        dialog->close();
    }

    void everyButtonSaysWhatItDoes()
    {
        m_list->setRecords(night(1, {95, {}}));
        for (const QToolButton *each : m_list->findChildren<QToolButton *>())
            QVERIFY(!each->accessibleName().isEmpty());
    }

private:
    [[nodiscard]] QToolButton *button(const char *name) const
    {
        return m_list->findChild<QToolButton *>(QString::fromLatin1(name));
    }

    std::unique_ptr<IncidentList> m_list;
};

QTEST_MAIN(TestIncidents)
#include "testincidents.moc"
