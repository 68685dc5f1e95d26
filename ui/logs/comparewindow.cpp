#include "ui/logs/comparewindow.h"

#include "base/words.h"
#include "ui/logs/logcompare.h"

#include <QDialog>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int compareWidth = 1400;
constexpr int compareHeight = 700;

} // namespace

void showComparison(QWidget *parent, const TitledLog &looked, const TitledLog &against)
{
    auto *window = new QDialog(parent);
    window->setObjectName(QStringLiteral("compareWindow"));
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(Words::tr("%1 against %2").arg(looked.title, against.title));
    auto *compare = new LogCompare;
    auto *whole = new QVBoxLayout(window);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(compare);
    window->resize(compareWidth, compareHeight);
    compare->setLogs(looked.log, looked.title, against.log, against.title);
    window->show();
}

} // namespace pilothouse
