#include "release/compare/fakehistory.h"
#include "release/compare/samplecomparison.h"
#include "release/compare/showndiff.h"
#include "release/fakedatabase.h"
#include "release/fakerepository.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"
#include "support/accessiblenames.h"
#include "ui/release/compare/comparedialog.h"
#include "ui/release/releasepage.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/theme.h"

#include "migration/samplechange.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDir>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <QTreeWidget>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const QString missing = QString(40, QLatin1Char('f'));

} // namespace

/// The Release page and the comparison that it opens, with everything below the ports in memory.
class TestCompare final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        qRegisterMetaType<ComparePair>();
        qRegisterMetaType<CompareSection>();
    }

    void init()
    {
        m_world = std::make_unique<World>();
        QTRY_VERIFY(m_world->diff.comparer().comparison());
    }

    void cleanup()
    {
        m_dialog.reset();
        m_page.reset();
        m_world.reset();
    }

    void thePageSaysWhatDiffersFromStable()
    {
        openPage();
        QTRY_COMPARE(
            m_page->findChild<QLabel *>(t("diffSentence"))->text(),
            t("2 commits by 1 person · 1 change (organization_id) · chart values 3 · chart "
              "files 1 · dependencies +1 −1, 1 updated · workflows 1"));
        picture(m_page.get(), "page");
    }

    void buttonsOfThePageAskForThatComparison_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<CompareSection>("first");
        QTest::newRow("compare") << t("compareStableButton") << CompareSection::Commits;
        QTest::newRow("notes") << t("notesButton") << CompareSection::Notes;
    }

    void buttonsOfThePageAskForThatComparison()
    {
        QFETCH(QString, button);
        openPage();
        QSignalSpy asked(m_page.get(), &ReleasePage::compareRequested);
        QTest::mouseClick(m_page->findChild<QPushButton *>(button), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].value<ComparePair>(), m_world->pair());
        QTEST(asked[0][1].value<CompareSection>(), "first");
    }

    void whereTheReleaseIsStableTheButtonsAreOff()
    {
        openPage();
        m_world->release.show(CommitId(old));
        QTRY_VERIFY(!m_page->findChild<QPushButton *>(t("compareStableButton"))->isEnabled());
        QVERIFY(!m_page->findChild<QPushButton *>(t("notesButton"))->isEnabled());
        QVERIFY(m_page->findChild<QLabel *>(t("diffSentence"))
                    ->text()
                    .startsWith(t("none: aaaaaaa is stable")));
    }

    void theMenuOfAPlaceComparesItsTwoRevisions()
    {
        openPage();
        QSignalSpy asked(m_page.get(), &ReleasePage::compareRequested);
        auto *live = m_page->findChild<QTableView *>(t("liveTable"));
        const QPoint at = live->visualRect(live->model()->index(0, 0)).center();
        QString offered;
        // The menu has an event loop of its own.
        QTimer::singleShot(0, live, [&] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu);
            offered = menu->actions().first()->text();
            QTest::mouseClick(menu, Qt::LeftButton, Qt::NoModifier,
                              menu->actionGeometry(menu->actions().first()).center());
        });
        QTest::mousePress(live->viewport(), Qt::RightButton, Qt::NoModifier, at);
        QContextMenuEvent wish(QContextMenuEvent::Mouse, at, live->viewport()->mapToGlobal(at));
        QApplication::sendEvent(live->viewport(), &wish);
        QCOMPARE(offered, t("Compare bbbbbbb with aaaaaaa"));
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].value<ComparePair>(), m_world->pair());
    }

    void theDialogListsTheSectionsWithTheirCounts()
    {
        openDialog();
        QCOMPARE(label("compareTitle"), t("Compare bbbbbbb with aaaaaaa (stable of standalone)"));
        QVERIFY(label("compareRelation").startsWith(t("bbbbbbb comes after aaaaaaa")));
        QCOMPARE(sections(),
                 (QStringList{t("Commits 2"), t("Schema changes 1"), t("Chart values 3"),
                              t("Dependencies +1 −1, 1 updated"), t("Workflows 1"), t("Images 1"),
                              t("Files 7"), t("Notes ")}));
        QCOMPARE(row(0), (QStringList{t("bbbbbbb"), t("Scope search by organization"), t("#418"),
                                      t("A. Muster")}));
        picture(m_dialog.get(), "commits");
    }

    void aCommitOfTheListIsWhatIsCopiedAndOpened()
    {
        ThingDesk desk(t("Shop"), {}, [](const QUrl &) { return true; });
        openDialog();
        m_dialog->setThings(desk);
        auto *table = m_dialog->findChild<QTableView *>(t("differenceTable"));
        table->setFocus();
        table->setCurrentIndex(table->model()->index(0, 0));
        const auto commit = desk.at(*m_dialog);
        QVERIFY(commit);
        QCOMPARE(commit->id, good);
        QCOMPARE(commit->words, t("bbbbbbb Scope search by organization"));
        choose(t("Chart values"));
        table->setFocus();
        table->setCurrentIndex(table->model()->index(0, 0));
        QVERIFY(!desk.at(*m_dialog));
        m_dialog.reset();
    }

    void eachSectionIsShownByAClick_data()
    {
        QTest::addColumn<QString>("section");
        QTest::addColumn<QStringList>("first");
        QTest::newRow("changes") << t("Schema changes")
                                 << QStringList{t("conversations-organization-id"),
                                                t("the code now fills organization_id"), t("–")};
        QTest::newRow("values") << t("Chart values")
                                << QStringList{t("pool.size"), t("5"), t("10"), t("values.yaml")};
        QTest::newRow("dependencies")
            << t("Dependencies") << QStringList{t("redis"), t("6.4.0"), t("–"), t("poetry.lock")};
        QTest::newRow("workflows")
            << t("Workflows") << QStringList{t(".github/workflows/ci.yml"), t("added")};
        QTest::newRow("images") << t("Images")
                                << QStringList{t("standalone"), t("sha256:aaaaaaaaaaaa"),
                                               t("sha256:bbbbbbbbbbbb")};
    }

    void eachSectionIsShownByAClick()
    {
        QFETCH(QString, section);
        QFETCH(QStringList, first);
        openDialog();
        choose(section);
        QCOMPARE(row(0).first(first.size()), first);
        QCOMPARE(nameless(*m_dialog), QString());
        picture(m_dialog.get(), QTest::currentDataTag());
    }

    void filesStandByKindWithWhatBecameOfThem()
    {
        openDialog();
        choose(t("Files"));
        auto *tree = m_dialog->findChild<QTreeWidget *>(t("fileTree"));
        QVERIFY(tree->isVisible());
        QStringList kinds;
        for (int i = 0; i < tree->topLevelItemCount(); ++i)
            kinds.append(tree->topLevelItem(i)->text(0));
        QCOMPARE(kinds, (QStringList{t("Changes  1"), t("Chart values  1"), t("Chart  1"),
                                     t("Workflows  1"), t("Dependencies  1"), t("Code  2")}));
        QCOMPARE(tree->topLevelItem(5)->child(1)->text(1), t("removed"));
        QCOMPARE(nameless(*m_dialog), QString());
        picture(m_dialog.get(), "files");
    }

    void notesAreTheMarkdownThatTheButtonCopies()
    {
        openDialog(CompareSection::Notes);
        auto *notes = m_dialog->findChild<CodeView *>(t("notesView"));
        QVERIFY(notes->isVisible());
        QCOMPARE(nameless(*m_dialog), QString());
        QVERIFY(notes->toPlainText().contains(
            t("- Scope search by organization (#418), A. Muster, `bbbbbbb`")));
        click("copyNotesButton");
        QCOMPARE(QApplication::clipboard()->text(), notes->toPlainText());
        click("compareChatButton");
        QVERIFY(QApplication::clipboard()->text().startsWith(
            t("`bbbbbbb` compared with `aaaaaaa`: 2 commits by 1 person · ")));
        picture(m_dialog.get(), "notes");
    }

    void theOtherWayRoundIsAWayBack()
    {
        openDialog();
        QTest::mouseClick(m_dialog->findChild<QPushButton *>(t("swapButton")), Qt::LeftButton);
        QCOMPARE(label("compareTitle"), t("Compare aaaaaaa with bbbbbbb"));
        QVERIFY(label("compareRelation").contains(t("takes back 2 commits by 1 person")));
        QCOMPARE(sections().first(), t("Taken back 2"));
        choose(t("Schema changes"));
        QCOMPARE(row(0)[1], t("the code no longer fills organization_id"));
        picture(m_dialog.get(), "way-back");
    }

    void anotherCommitIsPickedFromTheList()
    {
        openDialog();
        auto *from = m_dialog->findChild<QComboBox *>(t("fromPicker"));
        QVERIFY(from->currentText().startsWith(t("aaaaaaa")));
        from->setFocus();
        const int index = from->findData(good);
        QVERIFY(index >= 0);
        pick(from, index);
        auto *state = m_dialog->findChild<StateView *>(t("compareState"));
        QTRY_VERIFY(state->isVisible());
        QCOMPARE(state->headline(), t("The same commit"));
        QVERIFY(!m_dialog->findChild<QPushButton *>(t("copyNotesButton"))->isEnabled());
        picture(m_dialog.get(), "same");
    }

    void anEmptySectionSaysWhatItMeans()
    {
        openDialog(CompareSection::Commits, ComparePair{CommitId(between), CommitId(good), {}});
        choose(t("Schema changes"));
        const auto states = m_dialog->findChildren<StateView *>();
        QVERIFY(std::any_of(states.begin(), states.end(), [](const StateView *state) {
            return state->isVisible() && state->headline() == t("None");
        }));
        picture(m_dialog.get(), "none");
    }

    void aCommitThatIsNotThereIsAnErrorWithAWayOn()
    {
        openDialog(CompareSection::Commits, ComparePair{CommitId(missing), CommitId(good), {}});
        auto *state = m_dialog->findChild<StateView *>(t("compareState"));
        QVERIFY(state->isVisible());
        QCOMPARE(state->headline(), t("Not there"));
        picture(m_dialog.get(), "error");
        m_world->repository.addAtTheBottom(missing);
        QTest::mouseClick(state->findChild<QPushButton *>(t("retryButton")), Qt::LeftButton);
        QTRY_VERIFY(!state->isVisible());
        QCOMPARE(sections().first(), t("Commits 3"));
    }

    void untilItIsKnownTheDialogShowsThatItIsRead()
    {
        FakeHistory slow;
        slow.holds = true;
        m_dialog.reset(new CompareDialog(m_world->release, {slow, slow, slow, {}},
                                         [] { return SeenWorld(); }));
        m_dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        m_dialog->compare(World::pair(), CompareSection::Commits);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
        auto *state = m_dialog->findChild<StateView *>(t("compareState"));
        QVERIFY(state->isVisible());
        QVERIFY(!m_dialog->findChild<QTreeWidget *>(t("sectionList"))->isVisible());
        QVERIFY(!m_dialog->findChild<QPushButton *>(t("copyNotesButton"))->isEnabled());
        picture(m_dialog.get(), "loading");
        slow.answer(0);
        QTRY_VERIFY(!state->isVisible());
        QCOMPARE(sections().first(), t("Commits 0"));
        m_dialog.reset(); // before what it was given
    }

    void withoutAPairAPersonChooses()
    {
        openDialog(CompareSection::Commits, std::nullopt);
        auto *state = m_dialog->findChild<StateView *>(t("compareState"));
        QCOMPARE(state->headline(), t("Choose two commits"));
        auto *from = m_dialog->findChild<QComboBox *>(t("fromPicker"));
        pick(from, from->findData(old));
        QTRY_VERIFY(!state->isVisible());
        QCOMPARE(sections().first(), t("Commits 2"));
    }

    void itLooksRightInTheDarkToo()
    {
        Theme::instance().setScheme(Theme::Scheme::Dark);
        openDialog();
        picture(m_dialog.get(), "commits-dark");
        choose(t("Chart values"));
        picture(m_dialog.get(), "values-dark");
        choose(t("Files"));
        picture(m_dialog.get(), "files-dark");
        choose(t("Notes"));
        picture(m_dialog.get(), "notes-dark");
        QVERIFY(m_dialog->palette().color(QPalette::Window).lightness() < 128);
        m_dialog.reset();
        openPage();
        picture(m_page.get(), "page-dark");
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

private:
    static inline const QString between = QString(40, QLatin1Char('d'));

    struct World
    {
        World()
        {
            const QString values = t("helm/app/values.yaml");
            const QString change = t("migrations/changes/conversations-organization-id.yaml");
            const QString lock = t("poetry.lock");
            const QByteArray package = "[[package]]\nname = \"%1\"\nversion = \"%2\"\n\n";
            const auto locked
                = [&](std::initializer_list<std::pair<const char *, const char *>> packages) {
                      QByteArray text;
                      for (const auto &[name, version] : packages)
                          text += QByteArray(package).replace("%1", name).replace("%2", version);
                      return text;
                  };
            QMap<QString, QByteArray> files{
                {values, "pool: {size: 5}\nhosts: [a]\n"},
                {change, sampleChangeFile()},
                {lock, locked({{"redis", "6.4.0"}, {"uvicorn", "0.35.0"}})},
                {t("core/search.py"), "1\n"},
                {t("core/cache.py"), "1\n"}};
            repository.add(old, t("Answer with a page that says what is wrong (#412)"), files);
            files[change].replace("contract_ready: false", "contract_ready: true");
            files[values] = "pool: {size: 10, timeout: 0.15}\nhosts: [a, b]\n";
            files[t("helm/app/templates/route.yaml")] = "kind: HTTPRoute\n";
            files[t(".github/workflows/ci.yml")] = "on: push\n";
            repository.add(between, t("Write organization_id with each conversation (#417)"),
                           files);
            files[lock] = locked({{"starlette", "0.48.0"}, {"uvicorn", "0.36.0"}});
            files[t("core/search.py")] = "2\n";
            files.remove(t("core/cache.py"));
            repository.add(good, t("Scope search by organization (#418)"), files);
            bench.traffic.world.stable->imageDigest = t("sha256:") + QString(64, QLatin1Char('a'));
            bench.traffic.world.candidate->imageDigest
                = t("sha256:") + QString(64, QLatin1Char('b'));
            bench.toWeight(10);
            release.addTrack(*bench.rollout, {});
            release.start();
        }
        [[nodiscard]] CompareSources sources()
        {
            return {repository, repository, repository, {{t("migrations/changes")}, {}}};
        }
        [[nodiscard]] static ComparePair pair()
        {
            return {CommitId(old), CommitId(good), t("stable of standalone")};
        }

        RolloutBench bench;
        FakeRepository repository;
        ReleaseController release{{}, repository, repository, bench.journal, bench.clock};
        ShownDiff diff{release, sources()};
    };

    void openPage()
    {
        m_page = std::make_unique<ReleasePage>(m_world->release, m_world->diff);
        m_page->resize(1328, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QTRY_VERIFY(m_page->findChild<QTableView *>(t("liveTable"))->model()->rowCount() > 0);
    }
    void openDialog(CompareSection first = CompareSection::Commits,
                    const std::optional<ComparePair> &pair = World::pair())
    {
        m_dialog.reset(new CompareDialog(m_world->release, m_world->sources(), [this] {
            return seenWorld({m_world->bench.rollout.get()}, nullptr);
        }));
        m_dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        m_dialog->compare(pair, first);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
    }
    [[nodiscard]] QString label(const char *name) const
    {
        return m_dialog->findChild<QLabel *>(t(name))->text();
    }
    [[nodiscard]] QStringList sections() const
    {
        const auto *list = m_dialog->findChild<QTreeWidget *>(t("sectionList"));
        QStringList lines;
        for (int i = 0; i < list->topLevelItemCount(); ++i)
            lines.append(list->topLevelItem(i)->text(0) + QLatin1Char(' ')
                         + list->topLevelItem(i)->text(1));
        return lines;
    }
    void choose(const QString &section)
    {
        auto *list = m_dialog->findChild<QTreeWidget *>(t("sectionList"));
        const auto found = list->findItems(section, Qt::MatchExactly);
        QVERIFY(!found.isEmpty());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::NoModifier,
                          list->visualItemRect(found.first()).center());
        QCOMPARE(list->currentItem(), found.first());
    }
    [[nodiscard]] QStringList row(int index) const
    {
        const auto *table = m_dialog->findChild<QTableView *>(t("differenceTable"));
        QStringList cells;
        for (int column = 0; column < table->model()->columnCount(); ++column)
            cells.append(table->model()->index(index, column).data().toString());
        return cells.first(std::min<qsizetype>(cells.size(), 4));
    }
    void click(const char *name)
    {
        QTest::mouseClick(m_dialog->findChild<QPushButton *>(t(name)), Qt::LeftButton);
    }
    /// By the keyboard, as a person who has the list before them.
    static void pick(QComboBox *box, int index)
    {
        box->setFocus();
        while (box->currentIndex() != index)
            QTest::keyClick(box, box->currentIndex() < index ? Qt::Key_Down : Qt::Key_Up);
    }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    static void picture(QWidget *widget, const char *name)
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        QCoreApplication::processEvents(); // layouts
        if (!folder.isEmpty())
            widget->grab().save(QDir(folder).filePath(t("compare-") + t(name) + t(".png")));
    }

    std::unique_ptr<World> m_world;
    std::unique_ptr<ReleasePage> m_page;
    std::unique_ptr<CompareDialog> m_dialog;
};

QTEST_MAIN(TestCompare)
#include "testcompare.moc"
