#include "journal/sqlitejournal.h"
#include "journal/stranger.h"
#include "release/fakerepository.h"
#include "release/releasecontroller.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "ui/journal/journalpage.h"
#include "ui/widgets/codeview.h"

#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

const QString actor = QStringLiteral("A. Muster");

} // namespace

/// The journal's part of History, over a real journal on disk.
class TestJournalPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<Room>();
        QVERIFY(m->journal);
        for (const char *text : {"the hose is rolled out", "the pump runs", "the fire is out"})
            m->note(text);
        m->page = std::make_unique<JournalPage>(*m->journal, actor, *m->release);
        m->page->resize(1200, 700);
        m->page->show();
        QTRY_COMPARE(m->table()->model()->rowCount(), 3);
    }
    void cleanup() { m.reset(); }

    void anIntactChainSaysSoAndNoMore()
    {
        QTRY_VERIFY(m->tells("3 records, chain ✓"));
        QVERIFY(!m->chainWords()->isVisible());
    }

    void aBrokenChainIsSaidWithItsRecordAndWhatToDo()
    {
        QTRY_VERIFY(m->tells("chain ✓"));
        m->tamper("UPDATE record SET body = '{\"text\":\"a lie\"}' WHERE seq = 2");
        m->page->refresh();
        QTRY_VERIFY(m->chainWords()->isVisible());
        QVERIFY(m->chainWords()->text().startsWith(QLatin1String("CHAIN BROKEN at record 2: ")));
        QVERIFY(m->chainWords()->text().contains(QLatin1String("compare it with a copy")));
        QVERIFY(!m->tells("chain ✓"));
    }

    void aJournalThatCannotBeReadSaysWhatStillWorks()
    {
        m->tamper("ALTER TABLE record RENAME TO hidden");
        m->page->refresh();
        QTRY_VERIFY(m->tells("Rolling back works without the journal."));
        QVERIFY(!m->table()->isVisible());
    }

    void whatIsSoughtIsShownAlone()
    {
        QTest::keyClicks(m->page->findChild<QLineEdit *>(QStringLiteral("journalFind")),
                         QStringLiteral("pump"));
        QTRY_COMPARE(m->table()->model()->rowCount(), 1);
    }

    void aNoteIsWrittenByEnter()
    {
        auto *field = m->page->findChild<QLineEdit *>(QStringLiteral("noteField"));
        QTest::keyClicks(field, QStringLiteral("all clear"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(m->table()->model()->rowCount(), 4);
        const auto newest = await(m->journal->newest(1));
        QVERIFY(newest);
        QCOMPARE(newest->first().body[QLatin1String("text")].toString(),
                 QStringLiteral("all clear"));
        QVERIFY(field->text().isEmpty());
    }

    void aChosenRecordIsShownWhole()
    {
        m->table()->selectRow(0);
        const auto *body = m->page->findChild<CodeView *>(QStringLiteral("recordBody"));
        QTRY_VERIFY(body->toPlainText().contains(QLatin1String("the fire is out")));
    }

private:
    struct Room
    {
        void note(const char *text) const
        {
            Record record;
            record.kind = RecordKind::Note;
            record.subject = QStringLiteral("note");
            record.actor = actor;
            record.body = {{QStringLiteral("text"), QString::fromUtf8(text)}};
            QVERIFY(await(journal->append(record)));
        }
        void tamper(const char *sql) const
        {
            Stranger stranger(path);
            QCOMPARE(stranger.execute(QStringLiteral("DROP TRIGGER record_never_updated")),
                     QString());
            QCOMPARE(stranger.execute(QString::fromUtf8(sql)), QString());
        }
        [[nodiscard]] bool tells(const char *words) const
        {
            const auto labels = page->findChildren<QLabel *>();
            return std::any_of(labels.cbegin(), labels.cend(), [words](const QLabel *label) {
                return label->text().contains(QString::fromUtf8(words));
            });
        }
        [[nodiscard]] QTableView *table() const
        {
            return page->findChild<QTableView *>(QStringLiteral("journalTable"));
        }
        [[nodiscard]] QLabel *chainWords() const
        {
            return page->findChild<QLabel *>(QStringLiteral("chainWords"));
        }

        QTemporaryDir folder;
        QString path = folder.filePath(QStringLiteral("journal.sqlite"));
        FakeClock clock;
        std::unique_ptr<SqliteJournal> journal = SqliteJournal::open(path, clock).value_or(nullptr);
        FakeRepository repository;
        std::unique_ptr<ReleaseController> release = std::make_unique<ReleaseController>(
            ReleaseSettings{}, repository, repository, *journal, clock);
        std::unique_ptr<JournalPage> page;
    };
    std::unique_ptr<Room> m;
};

QTEST_MAIN(TestJournalPage)
#include "testjournalpage.moc"
