#include "ui/things/thingdesk.h"

#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QVBoxLayout>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

Thing commitOf(const QString &id)
{
    return {Thing::Kind::Commit, id, {}, t("%1 Scope & search").arg(id.left(7)), t("live")};
}

const Thing pod{Thing::Kind::Pod, t("web-1"), t("standalone"), t("pod web-1"), {}};
const Thing night{Thing::Kind::OnCall, {}, {}, t("on call"), {}};

VendorPages pages()
{
    VendorPages made;
    made.repository = QUrl(t("https://github.com/o/r"));
    made.tracks[t("standalone")] = ClusterView{t("kubectl -n p"), t("kubectl -n p get x"), {}};
    return made;
}

QString sha(char digit)
{
    return QString(40, QLatin1Char(digit));
}

QString copied()
{
    return QApplication::clipboard()->text();
}

QMenu *shownMenu()
{
    return qobject_cast<QMenu *>(QApplication::activePopupWidget());
}

QAction *actionOf(const QMenu *menu, const char *name)
{
    return menu ? menu->findChild<QAction *>(QLatin1String(name), Qt::FindDirectChildrenOnly)
                : nullptr;
}

void rightClick(QWidget *widget, const QPoint &at)
{
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget->mapToGlobal(at));
    QApplication::sendEvent(widget, &event);
}

} // namespace

class TestThingDesk final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_page = std::make_unique<QWidget>();
        m_table = new QTableWidget(3, 2);
        m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
        m_field = new QLineEdit;
        m_button = new QPushButton(t("Press"));
        m_label = new QLabel(t("pod web-1"));
        auto *column = new QVBoxLayout(m_page.get());
        for (QWidget *widget :
             std::initializer_list<QWidget *>{m_table, m_field, m_button, m_label})
            column->addWidget(widget);
        m_desk = std::make_unique<ThingDesk>(t("shop"), pages(), [this](const QUrl &address) {
            m_opened << address.toString();
            return m_opens;
        });
        // The last row is about nothing.
        m_desk->serveRows(*m_table, [](const QModelIndex &index) -> QList<Thing> {
            if (index.row() == 2)
                return {};
            return {commitOf(sha(index.row() == 0 ? 'a' : 'b'))};
        });
        m_desk->serve(*m_label, [] { return QList<Thing>{pod, night}; });
        m_desk->serve(*m_page, [] { return QList<Thing>{night}; });
        m_page->resize(500, 400);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QApplication::clipboard()->clear();
    }

    void cleanup()
    {
        while (QWidget *popup = QApplication::activePopupWidget())
            popup->close();
        m_page.reset();
        m_desk.reset();
        m_opened.clear();
        m_opens = true;
    }

    void theRowWithTheFocusIsWhatKeysActUpon()
    {
        m_table->setFocus();
        m_table->setCurrentCell(1, 0);
        QCOMPARE(m_desk->at(*m_page)->id, sha('b'));
        QTest::keyClick(m_table, Qt::Key_Up);
        QCOMPARE(m_desk->at(*m_page)->id, sha('a'));
    }

    void whatIsAboutNothingStandsForThePage()
    {
        m_table->setFocus();
        m_table->setCurrentCell(2, 0);
        QCOMPARE(m_desk->at(*m_page)->kind, Thing::Kind::OnCall);
        m_button->setFocus();
        QCOMPARE(m_desk->at(*m_page)->kind, Thing::Kind::OnCall);
        QVERIFY(!m_desk->at(QWidget()));
    }

    void aKeyOpensTheMenuOfTheRow_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("modifiers");
        QTest::newRow("Menu") << int(Qt::Key_Menu) << int(Qt::NoModifier);
        QTest::newRow("Shift+F10") << int(Qt::Key_F10) << int(Qt::ShiftModifier);
    }
    void aKeyOpensTheMenuOfTheRow()
    {
        QFETCH(int, key);
        QFETCH(int, modifiers);
        m_table->setFocus();
        m_table->setCurrentCell(1, 0);
        QTest::keyClick(m_table, Qt::Key(key), Qt::KeyboardModifiers(modifiers));
        QPointer<QMenu> menu = shownMenu();
        QVERIFY(menu);
        QCOMPARE(actionOf(menu, "copyIdAction")->text(), t("Copy bbbbbbb"));
        // All by keys: the first entry copies what the vendor calls it.
        QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Return);
        QCOMPARE(copied(), sha('b'));
        QTRY_VERIFY(!menu);
    }

    void aPlatformThatTellsTheKeyTwiceOpensOneMenu()
    {
        m_table->setFocus();
        m_table->setCurrentCell(0, 0);
        QTest::keyClick(m_table, Qt::Key_Menu);
        QMenu *menu = shownMenu();
        QVERIFY(menu);
        QContextMenuEvent again(QContextMenuEvent::Keyboard, {}, {});
        QApplication::sendEvent(m_table, &again);
        QCOMPARE(shownMenu(), menu);
        menu->close();
        QVERIFY(!shownMenu());
    }

    void theRightButtonOpensTheMenuOfTheRowUnderIt()
    {
        m_table->setCurrentCell(0, 0);
        const QPoint at(10, m_table->rowViewportPosition(1) + 3);
        rightClick(m_table->viewport(), at);
        QVERIFY(shownMenu());
        QCOMPARE(actionOf(shownMenu(), "copyIdAction")->text(), t("Copy bbbbbbb"));
    }

    void belowTheLastRowItIsThePagesOwn()
    {
        rightClick(m_table->viewport(), QPoint(10, m_table->viewport()->height() - 2));
        QVERIFY(shownMenu());
        QVERIFY(!actionOf(shownMenu(), "copyIdAction")); // on call has no name of its own
        QVERIFY(actionOf(shownMenu(), "copyForChatAction"));
    }

    void aFieldKeepsItsOwnMenu()
    {
        m_field->setFocus();
        QTest::keyClick(m_field, Qt::Key_Menu);
        QVERIFY(!shownMenu());
        m_button->setFocus();
        QTest::keyClick(m_button, Qt::Key_Menu);
        QVERIFY(shownMenu());
    }

    void whatHasAMenuOfItsOwnKeepsIt()
    {
        m_button->setContextMenuPolicy(Qt::CustomContextMenu);
        m_button->setFocus();
        QTest::keyClick(m_button, Qt::Key_Menu);
        QVERIFY(!shownMenu());
    }

    void chatLinkAndPageAreInTheMenu()
    {
        rightClick(m_table->viewport(), QPoint(10, m_table->rowViewportPosition(0) + 3));
        QPointer<QMenu> menu = shownMenu();
        QSignalSpy said(m_desk.get(), &ThingDesk::said);
        actionOf(menu, "copyForChatAction")->trigger();
        QCOMPARE(copied(), t("[aaaaaaa Scope & search](https://github.com/o/r/commit/%1) · live · "
                             "<pilothouse://shop/commit/%1>")
                               .arg(sha('a')));
        QCOMPARE(said.takeFirst()[0].toString(), t("Copied for a chat: aaaaaaa Scope & search"));
        actionOf(menu, "copyLinkAction")->trigger();
        QCOMPARE(copied(), t("pilothouse://shop/commit/") + sha('a'));
        QAction *open = actionOf(menu, "openAtVendorAction");
        QVERIFY(open->isEnabled());
        QVERIFY2(open->text().startsWith(t("Open at GitHub")), qPrintable(open->text()));
        open->trigger();
        QCOMPARE(m_opened, QStringList(t("https://github.com/o/r/commit/") + sha('a')));
        QVERIFY(!actionOf(menu, "copyCommandAction"));
    }

    void withoutAPageTheReasonStandsThereAndTheCommandCanBeCopied()
    {
        rightClick(m_label, QPoint(2, 2));
        QMenu *menu = shownMenu();
        QAction *open = actionOf(menu, "openAtVendorAction");
        QVERIFY(!open->isEnabled());
        QCOMPARE(open->text(), t("Open at Its Vendor  (off: Kubernetes has no page for it)"));
        QAction *command = actionOf(menu, "copyCommandAction");
        QCOMPARE(command->text(), t("Copy as kubectl Command"));
        command->trigger();
        QCOMPARE(copied(), t("kubectl -n p describe pod web-1"));
    }

    void theKeySaysWhyNothingIsOpened()
    {
        QSignalSpy said(m_desk.get(), &ThingDesk::said);
        m_desk->open(pod);
        QCOMPARE(said.takeFirst()[0].toString(),
                 t("pod web-1 is not opened: Kubernetes has no page for it."));
        QVERIFY(m_opened.isEmpty());
    }

    void withoutABrowserTheAddressIsSaid()
    {
        m_opens = false;
        QSignalSpy said(m_desk.get(), &ThingDesk::said);
        m_desk->open(commitOf(sha('a')));
        QVERIFY(said.takeFirst()[0].toString().endsWith(t("https://github.com/o/r/commit/")
                                                        + sha('a')));
    }

    void otherThingsHaveMenusOfTheirOwn()
    {
        rightClick(m_label, QPoint(2, 2));
        const auto *other = shownMenu()->findChild<QMenu *>(t("thingMenu-"));
        QVERIFY(other);
        QCOMPARE(other->title(), t("on call"));
        QVERIFY(!actionOf(other, "openAtVendorAction")); // nobody else has such a page
        actionOf(other, "copyLinkAction")->trigger();
        QCOMPARE(copied(), t("pilothouse://shop/oncall"));
    }

    void theActionsOfATableStandFirst()
    {
        auto *compare = new QAction(t("Compare"), m_table);
        m_table->addAction(compare);
        m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
        rightClick(m_table->viewport(), QPoint(10, m_table->rowViewportPosition(0) + 3));
        QCOMPARE(shownMenu()->actions().first(), compare);
        QVERIFY(actionOf(shownMenu(), "copyForChatAction"));
        shownMenu()->close();
        m_table->setFocus();
        m_table->setCurrentCell(0, 0);
        QTest::keyClick(m_table, Qt::Key_Menu);
        QCOMPARE(shownMenu()->actions().first(), compare);
    }

    void keysInAMenuAreOnlySaid()
    {
        // The window has them: a second owner would make both ambiguous.
        m_table->setFocus();
        m_table->setCurrentCell(0, 0);
        QTest::keyClick(m_table, Qt::Key_Menu);
        for (const QAction *action : shownMenu()->actions())
            QVERIFY(action->shortcut().isEmpty());
        QVERIFY(actionOf(shownMenu(), "copyForChatAction")->text().endsWith(t("\tCtrl+Shift+C")));
    }

    void keysAreOnlySaidOfWhatTheyActUpon()
    {
        m_table->setFocus();
        m_table->setCurrentCell(0, 0);
        rightClick(m_label, QPoint(2, 2));
        QCOMPARE(actionOf(shownMenu(), "copyForChatAction")->text(), t("Copy for Chat"));
        const auto *other = shownMenu()->findChild<QMenu *>(t("thingMenu-"));
        QCOMPARE(actionOf(other, "copyLinkAction")->text(), t("Copy Link"));
        shownMenu()->close();
        rightClick(m_table->viewport(), QPoint(10, m_table->rowViewportPosition(1) + 3));
        QCOMPARE(actionOf(shownMenu(), "copyLinkAction")->text(), t("Copy Link"));
        shownMenu()->close();
        m_page->setWindowModality(Qt::ApplicationModal); // the window's keys do not reach it
        m_table->setFocus();
        m_table->setCurrentCell(1, 0);
        QTest::keyClick(m_table, Qt::Key_Menu);
        QCOMPARE(actionOf(shownMenu(), "copyLinkAction")->text(), t("Copy Link"));
        shownMenu()->close();
        m_page->setWindowModality(Qt::NonModal);
        m_button->setFocus(); // is about the page
        rightClick(m_button, QPoint(2, 2));
        QCOMPARE(actionOf(shownMenu(), "copyLinkAction")->text(), t("Copy Link\tCtrl+L"));
    }

    void noLetterOfANameBecomesAKey()
    {
        const Thing odd{Thing::Kind::Track, t("R&D"), {}, t("R&D"), {}};
        auto *label = new QLabel(m_page.get());
        label->show();
        m_desk->serve(*label, [odd] { return QList<Thing>{odd}; });
        rightClick(label, QPoint(1, 1));
        QCOMPARE(actionOf(shownMenu(), "copyIdAction")->text(), t("Copy R&&D"));
    }

    void aWidgetThatIsGoneIsForgotten()
    {
        delete m_table;
        QCOMPARE(m_desk->at(*m_page)->kind, Thing::Kind::OnCall);
        m_desk->serve(*m_label, [] { return QList<Thing>{night}; }); // the last word counts
        m_label->setFocusPolicy(Qt::StrongFocus);
        m_label->setFocus();
        QCOMPARE(m_desk->at(*m_page)->kind, Thing::Kind::OnCall);
    }

private:
    std::unique_ptr<QWidget> m_page;
    std::unique_ptr<ThingDesk> m_desk;
    QTableWidget *m_table = nullptr;
    QLineEdit *m_field = nullptr;
    QPushButton *m_button = nullptr;
    QLabel *m_label = nullptr;
    QStringList m_opened;
    bool m_opens = true;
};

QTEST_MAIN(TestThingDesk)
#include "testthingdesk.moc"
