captions-any =
    siempre estuvo ahí dentro
    la red ya había visto esto
    mira mejor, te está mirando
    esto no lo pintó nadie
    la imagen parpadeó primero
    dormir es una especie de gradiente
    más de lo que sea esto
    una máquina entorna los ojos ante las nubes
    no dar de comer a los píxeles
    se acuerda de ti del entrenamiento
    técnicamente sigue siendo tu imagen
    el original está bien, solo descansa
    yo solo hice caso a los pesos
    puede contener trazas de gato
    ya estaba así cuando llegué
    arte, probablemente
    la convolución le atenderá ahora
    no mirar antes de comer
    en algún lugar hay un gradiente muy orgulloso
    tengo comentarios sobre tu imagen, están en la imagen
    ningún píxel salió herido, a algunos los convencí
    la realidad es un mínimo local
    patrón reconocido, patrón exagerado
    tú subes, yo exagero
    hecho con amor y errores de redondeo
    esto explica muchas cosas
    no es un filtro, es un sentimiento
    los píxeles votaron
    llévatelo a casa y ponle nombre
    lo encontré debajo de la tercera convolución
    anoche soñé esto, hoy te lo cuento
    has probado a convertirlo en otra cosa
captions-calm =
    una alucinación educada
    solo un sueñito
    apenas dormido
    ligeramente embrujado
captions-loud =
    demasiado tarde para despertar
    para esto está el mando
    hasta los vecinos lo ven
    tu imagen ha abandonado el edificio
    quizá me he pasado
    el original te manda recuerdos
captions-hellscape =
    sin salida, solo zoom
    pasa, por dentro es más grande
    el suelo también es un sueño
    próxima parada: lo mismo, pero más cerca
captions-bend =
    pisé un cable
    no está roto, es jazz
    sin garantía desde la capa dos
    alguien me ha movido las neuronas
captions-summon =
    lo llamaste y vino
    salió de la nada y con prisa
    hace un momento era ruido
    dibujado de memoria, pero de la mía
captions-guide =
    clavadito a la otra imagen
    entran dos imágenes en una red
    un aire de familia
captions-style =
    pintado con pinceles prestados
    la misma escena, otras manos
    disfrazada de la otra imagen
captions-video =
    se mueve, no lo mires a los ojos
    hace eso todo el rato
    darle a pausa no servirá
captions-eyes =
    aquí mandan los ojos
    no temáis
    se abren los primeros ojos
    las ruedas tienen ojos
    te vigilan con cariño
    parpadean cuando no miras
    ha llamado el oculista
captions-dogs =
    los perros se han fijado en ti
    quién dejó entrar a los perros
    otra vez perros
    siempre hay un perro en alguna parte
    siéntate, quieto, converge
    parte de esto es hocico
captions-fur =
    pelo donde no debería haberlo
    suave, dicen
    tu imagen está mudando el pelo
    cepillar antes de usar
captions-birds =
    un pájaro, o un perro, o ambos
    primero las plumas, luego las preguntas
    alguien dejó la jaula abierta
    se le ve el plumero
captions-animals =
    mitad animal, mitad cuadro
    alguien removió el zoo
    las cabezas crecen donde quieren
    Noé hizo la maleta con prisas
    responde a varios nombres
captions-edges =
    todos los bordes llevan aquí
    trazado con una regla muy nerviosa
    recortar por todas las líneas
captions-spirals =
    al final todo se enrosca
    espirales hasta el fondo
    un poco mareado, gracias
    revuelto, no agitado
captions-maze =
    el laberinto no tiene centro
    izquierda, izquierda, izquierda, izquierda
    el Minotauro ha salido a comer
captions-weave =
    moldeado a martillazos
    tejido mientras parpadeabas
    la abuela estaría preocupada y orgullosa
    no se quita lavando
captions-spots =
    cuentas de algo
    las burbujas opinan
    une los puntos, libera a la cosa
captions-towers =
    sin licencia de obras
    aquí había una nariz, ahora hay un pueblo
    se alquilan habitaciones, razón: los píxeles
captions-garden =
    le están saliendo hojas
    el jardín toma aire
    no regar
    una ensalada con intenciones
captions-jumble =
    un poco de todo, explicación de nada
    se ha caído el museo
    la oficina de objetos perdidos sueña
captions-whisper =
    chist, ya casi es algo
    solo un rumor de ojos
captions-emboss =
    repujado a mano, sin manos
    una silla de montar excelente
captions-oracle =
    pregúntale lo que quieras
    sabía que publicarías esto
    un gran ojo y cero charla
captions-giger =
    en el espacio todos pueden verte
    las costillas son de carga
captions-porcelain =
    no dejar caer
    recién salido del horno y aún parpadea
captions-temple =
    quítate los zapatos
    un tejado más, dijo el tejado
captions-storm =
    nuboso, con riesgo de todo
    cuenta los segundos hasta el trueno
captions-totem =
    los antepasados tienen comentarios
    el de abajo carga con todos
captions-lotus =
    perdón por los agujeros
    lleno de agujeros, como mi coartada
captions-agate =
    una piedra con mucha vida interior
    diez millones de años en nueve segundos
captions-classic =
    como en 2015
    así empezó todo
captions-mosaic =
    esta mañana estaba entero
    mil piezas y ninguna caja
captions-watercolour =
    se quedó bajo la lluvia
    lavado a sesenta grados
captions-sheet =
    elige tu veneno
    cuatro puertas, y todas abren hacia dentro
    una de ellas ya te está mirando
    la red no supo decidirse
    elige rápido, siguen creciendo
