#include "app/tour/guide.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPixmap>
#include <QTableView>
#include <QTest>
#include <QTextDocumentFragment>
#include <QTimer>
#include <QWindow>

#include <algorithm>
#include <cstdio>

namespace pilothouse {
namespace {

QString spokenText(const QWidget *widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        return label->text();
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        return button->text();
    if (const auto *field = qobject_cast<const QLineEdit *>(widget))
        return field->text();
    return {};
}

/// What a reader of the screen is told by its labels, from the top: each once.
QJsonArray wordsOf(const QWidget &window)
{
    constexpr qsizetype most = 60;
    QList<const QLabel *> labels = window.findChildren<const QLabel *>();
    labels.removeIf(
        [](const QLabel *label) { return !label->isVisible() || label->text().isEmpty(); });
    std::stable_sort(labels.begin(), labels.end(), [&](const QLabel *a, const QLabel *b) {
        const QPoint left = a->mapTo(&window, QPoint());
        const QPoint right = b->mapTo(&window, QPoint());
        return std::pair(left.y(), left.x()) < std::pair(right.y(), right.x());
    });
    QStringList words;
    for (const QLabel *label : std::as_const(labels)) {
        const bool rich
            = label->textFormat() == Qt::RichText
              || (label->textFormat() == Qt::AutoText && Qt::mightBeRichText(label->text()));
        const QString text
            = rich ? QTextDocumentFragment::fromHtml(label->text()).toPlainText() : label->text();
        if (!text.trimmed().isEmpty() && !words.contains(text) && words.size() < most)
            words.append(text);
    }
    return QJsonArray::fromStringList(words);
}

/// What is seen once all that has just changed is laid out: the same twice in a row.
QPixmap steady(const std::function<QPixmap()> &grab)
{
    constexpr int mostTries = 10;
    QImage before;
    for (int i = 0; i < mostTries; ++i) {
        QApplication::processEvents();
        const QImage now = grab().toImage();
        if (now == before)
            break;
        before = now;
    }
    return QPixmap::fromImage(before);
}

} // namespace

Guide::Guide(QWidget &window, QString folder) : m_window(&window), m_folder(std::move(folder)) {}

void Guide::expect(const QString &what, const std::function<bool()> &seen, int milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    if (!QTest::qWaitFor(seen, milliseconds))
        lose(what);
    keepWaited(what, clock.elapsed());
}

void Guide::expectWorking(const QString &what, const std::function<bool()> &seen,
                          const std::function<qint64()> &done, int milliseconds, int longest)
{
    QElapsedTimer clock;
    clock.start();
    qint64 before = done();
    while (!QTest::qWaitFor(seen, milliseconds)) {
        const qint64 now = done();
        if (now == before || clock.elapsed() >= longest)
            lose(what);
        before = now;
    }
    keepWaited(what, clock.elapsed());
}

void Guide::lose(const QString &what)
{
    picture(QStringLiteral("lost"), what);
    throw Lost{what};
}

void Guide::keepWaited(const QString &what, qint64 milliseconds)
{
    QJsonArray waited = m_step.value(QLatin1String("expected")).toArray();
    waited.append(
        QJsonObject{{QStringLiteral("what"), what}, {QStringLiteral("ms"), milliseconds}});
    m_step.insert(QStringLiteral("expected"), waited);
}

QPixmap Guide::seen() const
{
    QPixmap picture = m_window->grab();
    if (QWidget *over = dialog()) {
        QPainter painter(&picture);
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 90));
        painter.drawPixmap((m_window->width() - over->width()) / 2,
                           std::max(0, (m_window->height() - over->height()) / 2), over->grab());
    }
    return picture;
}

void Guide::picture(const QString &name, const QString &caption)
{
    const QPixmap picture = steady([this] { return seen(); });
    const QWidget *over = dialog();
    note(QStringLiteral("words"), wordsOf(over ? *over : *m_window));
    keep(picture, name, caption);
}

void Guide::pictureAtOnce(const QString &name, const QString &caption)
{
    QApplication::processEvents();
    note(QStringLiteral("words"), wordsOf(*m_window));
    keep(seen(), name, caption);
}

void Guide::pictureOf(QWidget &window, const QString &name, const QString &caption)
{
    const QPixmap picture = steady([&window] { return window.grab(); });
    note(QStringLiteral("words"), wordsOf(window));
    keep(picture, name, caption);
}

void Guide::keep(const QPixmap &picture, const QString &name, const QString &caption)
{
    ++m_number;
    const QString file
        = QStringLiteral("%1-%2.png").arg(m_number, 2, 10, QLatin1Char('0')).arg(name);
    const bool saved = picture.save(m_folder + QLatin1Char('/') + file);
    m_step.insert(QStringLiteral("picture"), file);
    m_step.insert(QStringLiteral("caption"), caption);
    m_step.insert(QStringLiteral("saved"), saved);
    m_record.append(m_step);
    m_step = {};
    std::printf("%s  %s\n", qPrintable(file), qPrintable(caption));
    std::fflush(stdout);
    if (!saved)
        throw Lost{QStringLiteral("the picture %1 could not be written").arg(file)};
}

void Guide::note(const QString &key, const QJsonValue &value)
{
    QJsonObject seen = m_step.value(QLatin1String("seen")).toObject();
    seen.insert(key, value);
    m_step.insert(QStringLiteral("seen"), seen);
}

QWidget *Guide::dialog() const
{
    QWidget *modal = QApplication::activeModalWidget();
    return modal && modal->isVisible() ? modal : nullptr;
}

QWidget *Guide::find(const QString &objectName) const
{
    const QWidget *root = dialog();
    if (!root)
        root = m_window;
    const QList<QWidget *> all = root->findChildren<QWidget *>(objectName);
    for (QWidget *widget : all) {
        if (widget->isVisible())
            return widget;
    }
    return nullptr;
}

QWidget *Guide::findAnywhere(const QString &objectName)
{
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (const QWidget *window : windows) {
        auto *widget = window->isVisible() ? window->findChild<QWidget *>(objectName) : nullptr;
        if (widget && widget->isVisible())
            return widget;
    }
    return nullptr;
}

QString Guide::textOf(const QString &objectName) const
{
    return spokenText(find(objectName));
}

void Guide::click(const QString &objectName, int milliseconds)
{
    expect(
        QStringLiteral("%1 can be pressed").arg(objectName),
        [&] {
            const QWidget *widget = find(objectName);
            return widget && widget->isEnabled();
        },
        milliseconds);
    QWidget *widget = find(objectName);
    clickAt(*widget, widget->rect().center());
}

void Guide::clickAt(QWidget &widget, const QPoint &at)
{
    QTest::mouseClick(&widget, Qt::LeftButton, Qt::NoModifier, at);
}

void Guide::closeByTitleBar(QWidget &window)
{
    QCloseEvent pressed;
    QApplication::sendEvent(window.window()->windowHandle(), &pressed);
}

void Guide::type(const QString &objectName, const QString &text)
{
    expect(QStringLiteral("%1 can be typed in").arg(objectName),
           [&] { return find(objectName) != nullptr; });
    QWidget *field = find(objectName);
    if (!field->hasFocus())
        clickAt(*field, field->rect().center());
    QTest::keyClicks(field, text);
}

void Guide::choose(const QString &objectName, const QString &begins)
{
    auto *box = qobject_cast<QComboBox *>(find(objectName));
    if (!box)
        lose(QStringLiteral("%1 is a list to choose from").arg(objectName));
    clickAt(*box, box->rect().center());
    expect(QStringLiteral("%1 is open").arg(objectName),
           [box] { return box->view()->isVisible(); });
    const int wanted = box->findText(begins, Qt::MatchStartsWith);
    const auto row = [box] {
        return box->view()->currentIndex().row();
    };
    for (int i = 0; i < box->count() && row() != wanted; ++i)
        QTest::keyClick(box->view(), row() < wanted ? Qt::Key_Down : Qt::Key_Up);
    QTest::keyClick(box->view(), Qt::Key_Return);
    expect(QStringLiteral("%1 has %2").arg(objectName, begins), [box, begins] {
        return !box->view()->isVisible() && box->currentText().startsWith(begins);
    });
}

QString Guide::chooseFromMenu(const QString &button, const QString &part)
{
    expect(QStringLiteral("%1 can be pressed").arg(button), [&] {
        const QWidget *widget = find(button);
        return widget && widget->isEnabled();
    });
    QString chosen;
    // The press comes back when the menu has closed: what follows is done while it is open.
    QTimer::singleShot(0, [&chosen, part] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (!menu)
            return;
        const QList<QAction *> entries = menu->actions();
        const auto wanted
            = std::find_if(entries.begin(), entries.end(), [&part](const QAction *each) {
                  return each->isEnabled() && each->text().contains(part);
              });
        if (wanted != entries.end()) {
            chosen = (*wanted)->text();
            // By keys: Qt 6.8 took no click that came right after the menu.
            for (qsizetype i = 0; i < entries.size() && menu->activeAction() != *wanted; ++i)
                QTest::keyClick(menu, Qt::Key_Down);
            QTest::keyClick(menu, Qt::Key_Return);
        }
        if (menu->isVisible())
            QTest::keyClick(menu, Qt::Key_Escape);
    });
    QWidget *pressed = find(button);
    clickAt(*pressed, pressed->rect().center());
    expect(QStringLiteral("%1 has %2").arg(button, part), [&chosen] { return !chosen.isEmpty(); });
    return chosen;
}

void Guide::walkTo(QTableView &table, int row)
{
    if (!table.currentIndex().isValid() || !table.hasFocus())
        clickAt(*table.viewport(), QPoint(table.columnWidth(0) / 2, table.rowHeight(0) / 2));
    for (int i = 0; i < table.model()->rowCount() && table.currentIndex().row() != row; ++i)
        QTest::keyClick(&table, table.currentIndex().row() < row ? Qt::Key_Down : Qt::Key_Up);
    expect(QStringLiteral("row %1 of %2 is chosen").arg(row).arg(table.objectName()),
           [&table, row] { return table.currentIndex().row() == row; });
}

void Guide::key(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QWidget *target = dialog();
    if (!target) {
        // Shortcuts belong to the active window, and a closed dialog does not always give that
        // back.
        target = m_window;
        m_window->activateWindow();
        expect(QStringLiteral("the window is active"), [&] { return m_window->isActiveWindow(); });
    }
    QTest::keyClick(target, key, modifiers);
}

void Guide::confirm(const QString &typed, const QString &reason, int milliseconds)
{
    expect(QStringLiteral("a confirmation is open"), [&] {
        return dialog() && dialog()->objectName() == QLatin1String("confirmationDialog");
    });
    // Enter with the wrong text does nothing: tried each time.
    QWidget *opened = dialog();
    if (!typed.isEmpty()) {
        QTest::keyClick(find(QStringLiteral("typedField")), Qt::Key_Return);
        if (dialog() != opened)
            throw Lost{QStringLiteral("Enter acted before the text was right")};
        type(QStringLiteral("typedField"), typed);
    }
    if (!reason.isEmpty())
        type(QStringLiteral("reasonField"), reason);
    const auto canPress = [&] {
        const QWidget *button = find(QStringLiteral("confirmButton"));
        return button && button->isEnabled();
    };
    // The world may move meanwhile; then the dialog shows it anew, and it is read and pressed
    // again.
    constexpr int readings = 3;
    for (int reading = 0; reading < readings && dialog() == opened; ++reading) {
        expect(QStringLiteral("the action can be confirmed"), canPress);
        if (typed.isEmpty())
            click(QStringLiteral("confirmButton"));
        else
            QTest::keyClick(find(QStringLiteral("typedField")), Qt::Key_Return);
        expect(
            QStringLiteral("the confirmation has closed"),
            [&] {
                return dialog() != opened
                       || (canPress()
                           && textOf(QStringLiteral("confirmationNotice"))
                                  .contains(QLatin1String("changed")));
            },
            milliseconds);
    }
    if (dialog() == opened)
        throw Lost{QStringLiteral("the world changed at every press")};
}

} // namespace pilothouse
