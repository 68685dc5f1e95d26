#include "ui/action/confirmationdialog.h"
#include "ui/action/confirmationflow.h"
#include "ui/action/reasonlist.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPromise>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

Preview promotion()
{
    Preview preview;
    preview.environment = {EnvironmentMark::Kind::Production, QStringLiteral("production")};
    preview.scope = QStringLiteral("standalone");
    preview.title = QStringLiteral("Promote 10 → 50");
    preview.verb = QStringLiteral("Promote to 50 %");
    preview.rows = {{PreviewRow::Kind::Plain, QStringLiteral("From"), QStringLiteral("10 %")},
                    {PreviewRow::Kind::For, QStringLiteral("For"), QStringLiteral("baked")}};
    preview.calls = {{PlannedCall::Language::Http,
                      QStringLiteral("PATCH"),
                      QStringLiteral("PATCH /route\n[]"),
                      QStringLiteral("kubectl patch"),
                      {}}};
    preview.typed = QStringLiteral("50");
    preview.typedPrompt = QStringLiteral("Type the new weight");
    preview.fingerprint = QStringLiteral("one");
    return preview;
}

Preview untyped()
{
    Preview preview = promotion();
    preview.typed.clear();
    return preview;
}

Preview rollback()
{
    Preview preview = promotion();
    preview.title = QStringLiteral("Roll back to 9f3c2a1");
    preview.verb = QStringLiteral("Roll back");
    preview.typed = QStringLiteral("9f3c2a1");
    preview.target = QStringLiteral("9f3c2a1");
    preview.rows.append({PreviewRow::Kind::Plain, QStringLiteral("Then"), QStringLiteral("next")});
    preview.option = PreviewOption{
        QStringLiteral("Then"), QStringLiteral("hold standalone"),
        QStringLiteral("refuses c41d77e until the hold is lifted"),
        QStringLiteral("nothing holds standalone: c41d77e can be promoted again at once")};
    return preview;
}

template <typename T>
T *child(QWidget &parent, const char *name)
{
    return parent.findChild<T *>(QLatin1String(name));
}

} // namespace

class TestConfirmation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void enterDoesNothingUntilTheTextIsRightThenActs()
    {
        ConfirmationDialog dialog(promotion());
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        dialog.show();
        auto *typed = child<QLineEdit>(dialog, "typedField");
        auto *action = child<QPushButton>(dialog, "confirmButton");
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QTRY_VERIFY(typed->hasFocus());
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(confirmed.size(), 0);
        QVERIFY(dialog.isVisible());
        QTest::keyClicks(typed, QStringLiteral("5"));
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(confirmed.size(), 0);
        QVERIFY(!action->isEnabled());
        QTest::keyClicks(typed, QStringLiteral("0 "));
        QVERIFY(action->isEnabled());
        QVERIFY(action->isDefault());
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(confirmed.size(), 1);
        QCOMPARE(confirmed[0][0].value<Confirmation>().fingerprint, QStringLiteral("one"));
    }

    void escapeAlwaysCancels_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("with nothing typed") << QString();
        QTest::newRow("with the right text typed") << QStringLiteral("50");
    }
    void escapeAlwaysCancels()
    {
        QFETCH(QString, text);
        ConfirmationDialog dialog(promotion());
        QSignalSpy rejected(&dialog, &QDialog::rejected);
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        dialog.show();
        QTest::keyClicks(child<QLineEdit>(dialog, "typedField"), text);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QCOMPARE(rejected.size(), 1);
        QCOMPARE(confirmed.size(), 0);
    }

    void whereNothingIsTypedEnterCancels()
    {
        ConfirmationDialog dialog(untyped());
        QSignalSpy rejected(&dialog, &QDialog::rejected);
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY(child<QPushButton>(dialog, "cancelButton")->isDefault());
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(rejected.size(), 1);
        QCOMPARE(confirmed.size(), 0);
    }

    void whereNothingIsTypedTheButtonActs()
    {
        ConfirmationDialog dialog(untyped());
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        dialog.show();
        QTest::mouseClick(child<QPushButton>(dialog, "confirmButton"), Qt::LeftButton);
        QCOMPARE(confirmed.size(), 1);
    }

    void aRequiredReasonKeepsTheActionOff()
    {
        Preview preview = promotion();
        preview.reasonRequired = true;
        ConfirmationDialog dialog(preview);
        dialog.show();
        QTest::keyClicks(child<QLineEdit>(dialog, "typedField"), QStringLiteral("50"));
        auto *action = child<QPushButton>(dialog, "confirmButton");
        QVERIFY(!action->isEnabled());
        QTest::keyClicks(child<QLineEdit>(dialog, "reasonField"), QStringLiteral("load test"));
        QVERIFY(action->isEnabled());
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        QTest::mouseClick(action, Qt::LeftButton);
        QCOMPARE(confirmed[0][0].value<Confirmation>().reason, QStringLiteral("load test"));
    }

    void whyAReasonIsAskedIsSaidAsItIs()
    {
        Preview preview = promotion();
        preview.rows = {{PreviewRow::Kind::Plain, QStringLiteral("Then"), QStringLiteral("it")}};
        ConfirmationDialog dialog(preview);
        const auto *reason = child<QLineEdit>(dialog, "reasonField");
        QCOMPARE(reason->accessibleName(), QStringLiteral("Reason, optional"));
        preview.reasonRequired = true;
        dialog.setPreview(preview);
        QCOMPARE(reason->accessibleName(), QStringLiteral("Reason, which others will read"));
        preview.rows.append({PreviewRow::Kind::Against, QStringLiteral("Against"), {}});
        dialog.setPreview(preview);
        QCOMPARE(reason->accessibleName(),
                 QStringLiteral("Reason, asked because something is against it"));
    }

    void whatWasTypedStaysWhenTheWorldMovesOn()
    {
        ConfirmationDialog dialog(promotion());
        dialog.show();
        QTest::keyClicks(child<QLineEdit>(dialog, "typedField"), QStringLiteral("50"));
        Preview next = promotion();
        next.rows.append({PreviewRow::Kind::Against, QStringLiteral("Against"),
                          QStringLiteral("somebody acted")});
        next.fingerprint = QStringLiteral("two");
        dialog.setPreview(next);
        QCOMPARE(child<QLineEdit>(dialog, "typedField")->text(), QStringLiteral("50"));
        QVERIFY(child<QPushButton>(dialog, "confirmButton")->isEnabled());
        bool shown = false;
        for (const QLabel *label : dialog.findChildren<QLabel *>())
            shown = shown || label->text() == QLatin1String("somebody acted");
        QVERIFY(shown);
    }

    void aRollbackSaysWhetherItsTargetIsStillTheSame()
    {
        Preview preview = promotion();
        preview.target = QStringLiteral("9f3c2a1");
        ConfirmationDialog dialog(preview);
        auto *notice = child<QLabel>(dialog, "confirmationNotice");
        dialog.setPreview(preview);
        QVERIFY(notice->isHidden()); // the same world
        preview.fingerprint = QStringLiteral("two");
        dialog.setPreview(preview);
        QVERIFY(notice->text().contains(QLatin1String("Your target is the same")));
        preview.fingerprint = QStringLiteral("three");
        preview.target = QStringLiteral("4be81c0");
        dialog.setPreview(preview);
        QVERIFY(notice->text().contains(QLatin1String("another one now")));
    }

    void anOptionIsTakenAwayByKeyAndIsNeverInTheWay()
    {
        Preview preview = rollback();
        ConfirmationDialog dialog(preview);
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *typed = child<QLineEdit>(dialog, "typedField");
        auto *box = child<QCheckBox>(dialog, "optionBox");
        auto *means = child<QLabel>(dialog, "optionWords");
        QTRY_VERIFY(typed->hasFocus());
        QVERIFY(box->isVisible() && box->isChecked());
        QCOMPARE(means->text(), preview.option->whenOn);
        // Who types the target and presses Enter gets it as it stands.
        QTest::keyClicks(typed, preview.typed);
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(confirmed.size(), 1);
        QVERIFY(confirmed[0][0].value<Confirmation>().option);

        // It comes behind both fields; Space takes it away, and it says what that means.
        QTest::keyClick(typed, Qt::Key_Tab);
        QVERIFY(child<QLineEdit>(dialog, "reasonField")->hasFocus());
        QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
        QVERIFY(box->hasFocus());
        QTest::keyClick(box, Qt::Key_Space);
        QCOMPARE(means->text(), preview.option->whenOff);
        QCOMPARE(box->accessibleDescription(), preview.option->whenOff);
        QTest::keyClick(box, Qt::Key_Tab);
        QVERIFY(child<QPushButton>(dialog, "cancelButton")->hasFocus());

        // What the world does meanwhile leaves it as the person did.
        preview.fingerprint = QStringLiteral("two");
        dialog.setPreview(preview);
        QVERIFY(!box->isChecked());
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(confirmed.size(), 2);
        QVERIFY(!confirmed[1][0].value<Confirmation>().option);
    }

    void howLongAgoItWasReadIsSaidAndGrows()
    {
        Preview preview = promotion();
        ConfirmationDialog dialog(preview);
        const auto hint = [&dialog] {
            return child<QLabel>(dialog, "confirmationHint")->text();
        };
        QCOMPARE(hint(),
                 QStringLiteral("Enter does nothing until the text is right · Esc cancels"));
        preview.readAge = std::chrono::milliseconds(1400);
        dialog.setPreview(preview);
        QCOMPARE(hint(), QStringLiteral("read 1 s ago, read again when you press · Enter does "
                                        "nothing until the text is right · Esc cancels"));
        preview.readAge = std::chrono::minutes(4);
        dialog.setPreview(preview);
        QVERIFY(hint().startsWith(QLatin1String("read 4 min ago, ")));
        QVERIFY(child<QLabel>(dialog, "confirmationNotice")->text().isEmpty());
    }

    void withoutAnOptionThereIsNoBox()
    {
        Preview preview = rollback();
        const std::optional<PreviewOption> option = std::exchange(preview.option, {});
        ConfirmationDialog dialog(preview);
        QSignalSpy confirmed(&dialog, &ConfirmationDialog::confirmed);
        dialog.show();
        QVERIFY(!child<QCheckBox>(dialog, "optionBox")->isVisible());
        QTest::keyClicks(child<QLineEdit>(dialog, "typedField"), preview.typed);
        QTest::keyClick(child<QLineEdit>(dialog, "typedField"), Qt::Key_Return);
        QVERIFY(confirmed[0][0].value<Confirmation>().option);
        // One that comes later stands as it is proposed.
        preview.option = option;
        dialog.setPreview(preview);
        QVERIFY(child<QCheckBox>(dialog, "optionBox")->isChecked());
    }

    void theAnswerOfADryRunIsNoChangeOfTheWorld()
    {
        Preview preview = promotion();
        preview.rows.append(
            {PreviewRow::Kind::Live, QStringLiteral("Dry run"), QStringLiteral("being asked…")});
        preview.rows[1].text = QStringLiteral("baked 5 s ago");
        ConfirmationDialog dialog(preview);
        const auto inkOf = [&dialog](const QString &text) {
            for (const QLabel *label : dialog.findChildren<QLabel *>()) {
                if (label->text() == text)
                    return label->palette().color(QPalette::WindowText);
            }
            return QColor();
        };
        const QColor plain = inkOf(QStringLiteral("10 %"));
        preview.rows.last().text = QStringLiteral("taken");
        preview.rows[1].text = QStringLiteral("baked 7 s ago");
        preview.rows[0].text = QStringLiteral("20 %");
        dialog.setPreview(preview);
        QCOMPARE(inkOf(QStringLiteral("taken")), plain);
        QCOMPARE(inkOf(QStringLiteral("baked 7 s ago")), plain); // the same, only later
        QVERIFY(inkOf(QStringLiteral("20 %")) != plain);         // that one is marked
        preview.rows.last().text = QStringLiteral("taken again");
        dialog.setPreview(preview);
        QVERIFY(inkOf(QStringLiteral("20 %")) != plain); // and stays so
    }

    void theCallsAreCopiedInEachFormThatTheyAllHave()
    {
        Preview preview = promotion();
        preview.calls[0].curl = QStringLiteral("curl -X PATCH");
        ConfirmationDialog dialog(preview);
        auto *copy = child<QPushButton>(dialog, "copyCallsButton");
        QStringList titles;
        QStringList texts;
        for (QAction *action : copy->menu()->actions()) {
            titles << action->text();
            action->trigger();
            texts << QApplication::clipboard()->text();
        }
        QCOMPARE(titles,
                 (QStringList{QStringLiteral("Copy as kubectl"), QStringLiteral("Copy as curl"),
                              QStringLiteral("Copy as Shown")}));
        QCOMPARE(texts,
                 (QStringList{QStringLiteral("kubectl patch"), QStringLiteral("curl -X PATCH"),
                              QStringLiteral("PATCH /route\n[]")}));
        // A second call that curl cannot do takes that form away from both.
        preview.calls.append(preview.calls[0]);
        preview.calls[1].curl.clear();
        dialog.setPreview(preview);
        QCOMPARE(copy->menu()->actions().size(), 2);
        // What follows a refused one does not run.
        copy->menu()->actions().first()->trigger();
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("kubectl patch &&\nkubectl patch"));
        preview.calls = {{PlannedCall::Language::Shell,
                          {},
                          QStringLiteral("helm"),
                          QStringLiteral("/opt/bin/helm upgrade web"),
                          {}}};
        dialog.setPreview(preview);
        QCOMPARE(copy->menu()->actions().first()->text(), QStringLiteral("Copy as helm"));
        preview.calls = {{PlannedCall::Language::Sql, {}, QStringLiteral("SELECT 1"), {}, {}}};
        dialog.setPreview(preview);
        QCOMPARE(copy->menu()->actions().first()->text(), QStringLiteral("Copy SQL"));
        preview.calls.clear();
        dialog.setPreview(preview);
        QVERIFY(copy->isHidden());
        preview.calls = {{PlannedCall::Language::Http, QStringLiteral("Read again."), {}, {}, {}}};
        dialog.setPreview(preview);
        QVERIFY(copy->isHidden());
    }

    void aDoubleClickActsOnce()
    {
        QWidget window;
        int acted = 0;
        QPromise<Outcome> promise;
        promise.start();
        auto *flow = ConfirmationFlow::open(
            &window, [] { return std::optional(untyped()); },
            [&](const Confirmation &) {
                ++acted;
                return promise.future();
            });
        QVERIFY(flow);
        auto *dialog = window.findChild<ConfirmationDialog *>();
        QVERIFY(dialog);
        QPushButton *action = child<QPushButton>(*dialog, "confirmButton");
        QTest::mouseClick(action, Qt::LeftButton);
        QTest::mouseClick(action, Qt::LeftButton);
        QCOMPARE(acted, 1);
        promise.addResult(Outcome{Outcome::Kind::Done, {}, {}});
        promise.finish();
        QTRY_VERIFY(!window.findChild<ConfirmationDialog *>());
    }

    void aConflictGoesBackToTheDialogWithTheNewPreview()
    {
        QWidget window;
        Preview now = untyped();
        auto *flow = ConfirmationFlow::open(
            &window, [&] { return std::optional(now); },
            [&](const Confirmation &) {
                now.rows.append({PreviewRow::Kind::Changed, QStringLiteral("CHANGED"),
                                 QStringLiteral("B. Novak set 50 → 10")});
                QPromise<Outcome> promise;
                promise.start();
                promise.addResult(
                    Outcome{Outcome::Kind::Conflict, QStringLiteral("Somebody else acted."), {}});
                promise.finish();
                return promise.future();
            });
        QVERIFY(flow);
        auto *dialog = window.findChild<ConfirmationDialog *>();
        QTest::mouseClick(child<QPushButton>(*dialog, "confirmButton"), Qt::LeftButton);
        QTRY_COMPARE(dialog->preview().rows.size(), now.rows.size());
        QVERIFY(dialog->isVisible());
        QTRY_VERIFY(child<QPushButton>(*dialog, "confirmButton")->isEnabled());
    }

    void reasonsAreCountedAndUnknownIsNotFor()
    {
        Permission permission;
        permission.reasons = {{Reason::Kind::For, QStringLiteral("a"), {}},
                              {Reason::Kind::Unknown, QStringLiteral("b"), {}},
                              {Reason::Kind::Blocks, QStringLiteral("c"), QStringLiteral("do it")}};
        QVERIFY(!permission.allowed());
        QCOMPARE(permission.count(Reason::Kind::For), 1);
        const QString summary = ReasonList::summary(permission);
        QVERIFY2(summary.contains(QLatin1String("1 for"))
                     && summary.contains(QLatin1String("1 unknown")),
                 qPrintable(summary));
        ReasonList list;
        list.setPermission(permission);
        QStringList texts;
        for (const QLabel *label : list.findChildren<QLabel *>()) {
            if (!label->text().isEmpty())
                texts << label->text();
        }
        QCOMPARE(texts, (QStringList{QStringLiteral("c — do it"), QStringLiteral("b"),
                                     QStringLiteral("a")}));
    }
};

QTEST_MAIN(TestConfirmation)
#include "testconfirmation.moc"
